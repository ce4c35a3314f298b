"""OpenTelemetry spans of requests, made afterwards from the times that are known anyway."""

import time
from typing import TYPE_CHECKING, final

from service.finished import Finished
from service.otlp_endpoint import checked_endpoint
from service.release import release
from service.served_model import ServedModel
from service.settings import Settings

if TYPE_CHECKING:
    from service.tracing_spans import Spans


@final
class Tracing:
    """Makes a server span for each request, and one for each step of each answer.

    Parameters
    ----------
    spans
        Makes single spans and sends them.

    """

    def __init__(self, spans: "Spans") -> None:
        self._spans = spans

    def finish(self, finished: Finished) -> None:
        """Hear of a request that is over."""
        if finished.parent is None or finished.parent.sampled:
            self._spans.send(finished, time.time_ns(), time.perf_counter())

    def close(self) -> None:
        """Send what is left, for a short while."""
        self._spans.close()


def open_tracing(model: ServedModel, settings: Settings) -> Tracing | None:
    """Begin to trace, or give None where nobody wants it.

    Raises
    ------
    SettingsError
        When the endpoint is no URL, or the extra is not installed.

    """
    endpoint = checked_endpoint(settings)
    if endpoint is None:
        return None
    from service.tracing_spans import Spans  # noqa: PLC0415  it needs the extra

    return Tracing(Spans(endpoint, model.name, release()))
