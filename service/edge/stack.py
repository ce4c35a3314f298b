"""The layers in their order, outermost first."""

from collections.abc import Callable
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from service.access import Access
from service.edge.admission import Admission
from service.edge.binding_gate import BindingGate
from service.edge.body_limit import BodyLimit
from service.edge.error_shape import ErrorShape
from service.edge.identity import Identity
from service.edge.json_only import JsonOnly
from service.edge.key_check import KeyCheck
from service.edge.open_paths import METRICS_PATH, OPEN_PATHS
from service.edge.rate_limit import RateLimit
from service.rate import Rate
from service.settings import Settings

Wrapping = Callable[[ASGIApp], ASGIApp]
BATCH_PATH: Final = "/v1/predict/batch"
_RATE_HEADERS: Final = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def behind_edge(app: ASGIApp, settings: Settings, watched: Wrapping | None = None) -> ASGIApp:
    """Put an application behind the edge that the settings ask for.

    The id comes first, so that every answer has one. What `watched` puts around the rest
    comes second, so that every answer is counted. CORS stands before the key check,
    since a browser sends preflights without keys and may read only what CORS marked. The
    key check stands before the rate limit, which counts by key, and both before admission,
    so that neither strangers nor the hasty take anybody's place.

    Raises
    ------
    SettingsError
        When the API keys cannot be read, or the settings of tokens or rates are wrong.

    """
    access, rate = Access.open(settings), Rate.open(settings)
    by_path = {BATCH_PATH: settings.batch_body_limit}
    app = BodyLimit(JsonOnly(app), settings.body_limit, by_path)
    app = Admission(app, settings.most_in_flight)
    if rate is not None:
        app = RateLimit(app, rate)
    if access is not None:
        app = KeyCheck(app, access, _open_paths(settings))
    if settings.cors_origins:
        app = _with_cors(app, settings.cors_origins)
    if access is None and not settings.insecure:
        app = BindingGate(app)
    shaped: ASGIApp = ErrorShape(app)
    return Identity(shaped if watched is None else watched(shaped))


def _open_paths(settings: Settings) -> frozenset[str]:
    return OPEN_PATHS | {METRICS_PATH} if settings.metrics_open else OPEN_PATHS


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization", "Content-Type", "X-API-Key", "X-Request-ID"),
        expose_headers=("X-Request-ID", "Retry-After", *_RATE_HEADERS),
    )
