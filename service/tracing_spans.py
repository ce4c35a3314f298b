"""Single spans by OpenTelemetry's SDK; imported only where traces are sent."""

import threading
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final, final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from service.finished import Finished
from service.metrics.part import Part
from service.trace_parent import TraceParent

_TIMEOUT: Final = 5.0  # seconds for one export
_FAREWELL: Final = 3.0  # seconds for what is left when the process ends
_MICROSECOND: Final = 1_000  # nanoseconds
_SECOND: Final = 1_000_000_000
_OTHER: Final = {"other": "_OTHER"}  # as HTTP's semantic conventions call it
Attributes = dict[str, str | int | bool]
Step = tuple[str, int, int]  # name, begin and end in nanoseconds


@final
class Spans:
    """Sends spans in batches from a thread of its own; what has no place is dropped.

    Parameters
    ----------
    endpoint
        The whole URL to which they are posted.
    model
        The model's name.
    version
        Of this software.

    """

    def __init__(self, endpoint: str, model: str, version: str) -> None:
        self._model = model
        self._ids = _RequestIds()
        self._provider = TracerProvider(
            resource=Resource.create(_resource(version)),
            id_generator=self._ids,
            shutdown_on_exit=False,  # that would wait for a collector that is gone
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_TIMEOUT)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("reasoned", version)

    def send(self, finished: Finished, ended: int, reading: float) -> None:
        """Make the spans of one request.

        Parameters
        ----------
        finished
            The request.
        ended
            When it was over: nanoseconds since 1970.
        reading
            Of `time.perf_counter`, at the same time.

        """
        # Without a caller's trace, the request's own id names it: in logs and ledger, too.
        self._ids.trace_id = int(finished.arrival.request_id, 16)
        server = self._tracer.start_span(
            f"{finished.method} {finished.route}",
            _parent(finished.parent),
            SpanKind.SERVER,
            self._attributes(finished),
            start_time=ended - round(_SECOND * finished.seconds),
        )
        if finished.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            server.set_status(Status(StatusCode.ERROR))
        within = set_span_in_context(server, Context())
        for part in finished.parts:
            answered = ended - round(_SECOND * (reading - part.answered))
            for name, begin, end in _steps(part, answered):
                found = _explained(part) if name == "explain" else {}
                span = self._tracer.start_span(name, within, attributes=found, start_time=begin)
                span.end(end)
        server.end(ended)

    def close(self) -> None:
        """Send what is left; a collector that does not answer is not waited for long."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_FAREWELL)

    def _attributes(self, finished: Finished) -> Attributes:
        """Say what the request was; its path only by template, since paths name examples."""
        found: Attributes = {
            "http.request.method": _OTHER.get(finished.method, finished.method),
            "http.route": finished.route,
            "http.response.status_code": finished.status,
            "reasoned.model": self._model,
            "reasoned.request_id": finished.arrival.request_id,
        }
        if finished.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            found["error.type"] = str(finished.status)
        if len(finished.parts) == 1:
            found.update(_explained(finished.parts[0]))
        elif finished.parts:
            found["reasoned.images"] = len(finished.parts)
        return found


@final
class _RequestIds(IdGenerator):
    """Names a trace as its request is named."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()
        self.trace_id = 0

    def generate_span_id(self) -> int:
        """Give a random one."""
        return self._random.generate_span_id()

    def generate_trace_id(self) -> int:
        """Give the one that was set."""
        return self.trace_id

    def is_trace_id_random(self) -> bool:
        """Tell that it is, since request ids are."""
        return True


def _resource(version: str) -> dict[str, str]:
    return {SERVICE_NAME: "reasoned", SERVICE_VERSION: version}


def _parent(parent: TraceParent | None) -> Context:
    if parent is None:
        return Context()
    remote = SpanContext(
        int(parent.trace_id, 16),
        int(parent.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED if parent.sampled else TraceFlags.DEFAULT),
    )
    return set_span_in_context(NonRecordingSpan(remote), Context())


def _steps(part: Part, answered: int) -> Iterator[Step]:
    """Lay the steps end to end before the answer; the ledger comes after it."""
    outcome, end = part.outcome, answered
    before = [("decode", part.decode_us), ("infer", outcome.infer_us)]
    if outcome.nearest is not None:
        before += [("neighbours", outcome.neighbours_us), ("explain", outcome.explain_us)]
    begin = end - _MICROSECOND * sum(length for _, length in before)
    for name, length in before:
        yield name, begin, begin + _MICROSECOND * length
        begin += _MICROSECOND * length
    if part.store_us is not None:
        yield "store", end, end + _MICROSECOND * part.store_us


def _explained(part: Part) -> Attributes:
    outcome = part.outcome
    said = {
        "reasoned.status": outcome.status,
        "reasoned.carrier": outcome.carrier,
        "reasoned.agrees": outcome.agrees,
    }
    return {key: value for key, value in said.items() if value is not None}
