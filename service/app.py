"""The BentoML service: lifecycle and packaging here, the work in the parts it mounts."""

import gc
from typing import Any, cast, final

import bentoml
from bentoml.exceptions import BentoMLConfigException
from starlette.responses import Response
from starlette.types import ASGIApp

from explainers.errors import ReasonedError
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply
from service.arrival import arrival_of
from service.desk import Desk
from service.edge.stack import behind_edge
from service.json_body import decoded_base64
from service.log_filter import quieten_bentoml
from service.options import known_methods
from service.pictures import EncodedPicture
from service.problems import error_answer
from service.routes import front_routes, versioned_routes
from service.served_model import ServedModel
from service.settings import Settings, read_settings
from service.start_check import check_start, model_folder

_SETTINGS = read_settings()
# One thread each: two libraries that spin on the same two cores wait for each other.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# BentoML's own pages, of which one loads a tracker from the network.
_STOCK_PAGES = frozenset({"index", "openapi-spec", "static_content", "assets"})


@final
class ReasonedService(bentoml.Service):
    """A BentoML service behind our edge, with the public routes mounted in it."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002  BentoML's signature
        """Load the model and build the application that a worker serves.

        Raises
        ------
        SettingsError
            When there is no model folder, or the API keys cannot be read.
        FolderError
            When the model folder is not as it was written.

        """
        settings = read_settings()
        model = ExplainedModel.load(model_folder(settings))
        return self.application(model, settings, is_main=is_main)

    def application(
        self, model: ServedModel, settings: Settings, *, is_main: bool = True
    ) -> ASGIApp:
        """Build the application around a loaded model."""
        desk = Desk.open(model, settings)
        self.mount_apps.clear()
        self.mount_asgi_app(versioned_routes(desk), path="/v1")
        self.mount_asgi_app(front_routes(desk), path="/")
        inner = super().to_asgi(is_main)
        inner.state.desk = desk
        inner.router.redirect_slashes = False  # an unknown path is 404, not a way round
        stock = [route for route in inner.routes if route.name in _STOCK_PAGES]
        for route in stock:
            inner.routes.remove(route)
        return behind_edge(inner, settings)


class ExplainedPredictions:
    """Image classification whose every reply carries its reasons."""

    @bentoml.on_deployment
    @staticmethod
    def check_before_workers() -> None:
        """Refuse to start where the service would be unsafe or has no model."""
        try:
            check_start(read_settings())
        except ReasonedError as error:
            raise BentoMLConfigException(str(error)) from error

    @bentoml.on_startup
    def settle(self) -> None:
        """Take what was loaded out of the garbage collector's rounds, and quieten the log."""
        quieten_bentoml()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)

    @bentoml.api
    async def predict(
        self,
        image_base64: str,
        explain: str = "trace",
        methods: list[str] | None = None,
        neighbours: int = 5,
        deadline_ms: float | None = None,
        *,
        ctx: bentoml.Context,
    ) -> Reply:
        """Explain one base64 image: the same as POST /v1/predict, for BentoML's own client."""
        scope = ctx.request.scope
        desk: Desk = ctx.request.app.state.desk
        try:
            options = ReplyOptions(
                explain=cast("Any", explain),  # the record itself refuses other words
                methods=None if methods is None else known_methods(methods, desk.model.methods),
                neighbours=neighbours,
                deadline_ms=deadline_ms,
            )
            picture = EncodedPicture(decoded_base64(image_base64, "image_base64"))
            body = await desk.reply(picture, options, arrival_of(scope))
        except ReasonedError as error:
            answer = error_answer(scope, error)
            # BentoML lays its context's status over whatever response is returned.
            ctx.response.status_code = answer.status
            found = Response(answer.body, answer.status, dict(_text(answer.headers)))
            found.headers["content-type"] = answer.content_type.decode()
            return cast("Reply", found)
        # BentoML sends a ready response as it is: the bytes are a Reply, which tests hold.
        return cast("Reply", Response(body, media_type="application/json"))


def _text(headers: tuple[tuple[bytes, bytes], ...]) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in headers]


app = bentoml.service(
    name="reasoned",
    service_class=ReasonedService,
    workers=_SETTINGS.workers,
    envs=[{"name": name, "value": "1"} for name in _ONE_THREAD],
    metrics={"enabled": False},
    tracing={"excluded_urls": ".*"},
    logging={"access": {"enabled": False}},
    # Each request leaves a timer behind for so long, hence not longer than needed.
    traffic={"timeout": _SETTINGS.timeout},
)(ExplainedPredictions)
