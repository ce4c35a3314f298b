"""The layers in their order, outermost first."""

from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from service.api_keys import key_digests
from service.edge.admission import Admission
from service.edge.binding_gate import BindingGate
from service.edge.body_limit import BodyLimit
from service.edge.error_shape import ErrorShape
from service.edge.identity import Identity
from service.edge.json_only import JsonOnly
from service.edge.key_check import KeyCheck
from service.settings import Settings

BATCH_PATH: Final = "/v1/predict/batch"


def behind_edge(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put an application behind the edge that the settings ask for.

    The id comes first, so that every answer has one. CORS stands before the key check,
    since a browser sends preflights without keys and may read only what CORS marked. The
    key check stands before admission, so that strangers take nobody's place.

    Raises
    ------
    SettingsError
        When the API keys cannot be read.

    """
    digests = key_digests(settings)
    by_path = {BATCH_PATH: settings.batch_body_limit}
    app = BodyLimit(JsonOnly(app), settings.body_limit, by_path)
    app = Admission(app, settings.most_in_flight)
    if digests:
        app = KeyCheck(app, digests)
    if settings.cors_origins:
        app = _with_cors(app, settings.cors_origins)
    if not digests and not settings.insecure:
        app = BindingGate(app)
    return Identity(ErrorShape(app))


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization", "Content-Type", "X-API-Key", "X-Request-ID"),
        expose_headers=("X-Request-ID", "Retry-After"),
    )
