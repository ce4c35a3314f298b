"""The BentoML service: lifecycle and packaging here, the work in the parts it mounts."""

import gc
from typing import TYPE_CHECKING, cast, final

import bentoml
from bentoml.exceptions import BentoMLConfigException
from starlette.types import ASGIApp

from explainers.errors import ReasonedError
from reasoned.reply.schema import Reply
from service.log_filter import quieten_bentoml
from service.metrics.shared_folder import share_metrics
from service.otlp_endpoint import checked_endpoint
from service.settings import Settings, read_settings
from service.start_check import check_start

if TYPE_CHECKING:
    from service.served_model import ServedModel

_SETTINGS = read_settings()
# One thread each: two libraries that spin on the same two cores wait for each other.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


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
        LedgerError
            When the ledger cannot be opened.

        """
        from service.assembly import load_model  # noqa: PLC0415  by workers only

        settings = read_settings()
        return self.application(load_model(settings), settings, is_main=is_main)

    def application(
        self, model: "ServedModel", settings: Settings, *, is_main: bool = True
    ) -> ASGIApp:
        """Build the application around a loaded model."""
        from service.assembly import assemble  # noqa: PLC0415  by workers only

        build = super().to_asgi
        return assemble(self, lambda: build(is_main), model, settings)


class ExplainedPredictions:
    """Image classification whose every reply carries its reasons."""

    @bentoml.on_deployment
    @staticmethod
    def check_before_workers() -> None:
        """Refuse to start where the service would be unsafe or has no model."""
        try:
            settings = read_settings()
            check_start(settings)
            checked_endpoint(settings)
            share_metrics()
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
        from service.client_predict import client_answer  # noqa: PLC0415  by workers only

        given = {
            "explain": explain,
            "methods": methods,
            "neighbours": neighbours,
            "deadline_ms": deadline_ms,
        }
        # BentoML sends a ready response as it is: the bytes are a Reply, which tests hold.
        return cast("Reply", await client_answer(image_base64, given, ctx))


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
