"""Who hears of each request: what counts it, what writes it down, what traces it."""

import dataclasses
import time
from collections.abc import Sequence
from typing import Protocol, Self, final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from service.arrival import Arrival
from service.edge.background import Background
from service.edge.counting import Counting
from service.edge.templates import Templates
from service.finished import Finished
from service.metrics.meters import Meters
from service.metrics.part import Part
from service.metrics.sources import Sources
from service.request_log import RequestLog
from service.served_model import ServedModel
from service.settings import Settings
from service.telling import Observer, Told
from service.tracing import Tracing, open_tracing

_ID_LENGTH = 32  # an item of a batch has more behind it


class _Listener(Protocol):
    def finish(self, finished: Finished) -> None:
        """Hear of a request that is over."""
        ...


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Watch:
    """Hears of every request and of every answer.

    Attributes
    ----------
    meters
        Counts them.
    log
        Writes them down; None where that is switched off.
    tracing
        Sends spans; None where that is switched off.

    """

    meters: Meters
    log: RequestLog | None = None
    tracing: Tracing | None = None
    _answered: dict[str, list[Part]] = dataclasses.field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, model: ServedModel, settings: Settings, sources: Sources | None = None) -> Self:
        """Begin to watch as the settings say.

        Raises
        ------
        SettingsError
            When traces are wanted that cannot be sent.

        """
        log = RequestLog(model) if settings.request_log else None
        return cls(Meters.open(model, sources), log, open_tracing(model, settings))

    def recording(self, record: Observer | None = None) -> Observer:
        """Make an observer for the desk that also hands each answer to `record`, and times it."""
        if record is None:
            return self.observe

        def observe(told: Told) -> None:
            answered = time.perf_counter()
            record(told)
            self._note(told, Part.of(told, answered))

        return observe

    def observe(self, told: Told) -> None:
        """Hear of one answer."""
        self._note(told, Part.of(told))

    def around(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> ASGIApp:
        """Tell of every request that goes through `app`, under the templates of `routes`.

        To be put around everything that may answer, and inside of what names requests.
        """
        counting = Counting(app, Templates.of(routes), self)
        return Background(counting, self.start, self.stop)

    def start(self) -> None:
        """Begin what goes on in the background."""
        self.meters.start()

    def stop(self) -> None:
        """End it, and send what is left."""
        self.meters.stop()
        if self.tracing is not None:
            self.tracing.close()

    def begin(self, arrival: Arrival) -> None:
        """Hear of a request that has come."""
        self._answered[arrival.request_id] = []
        self.meters.begin()

    def parts(self, arrival: Arrival) -> tuple[Part, ...]:
        """Give the images of it that were answered, and forget them."""
        return tuple(self._answered.pop(arrival.request_id, ()))

    def finish(self, finished: Finished) -> None:
        """Hear of a request that is over."""
        listeners: tuple[_Listener | None, ...] = (self.meters, self.log, self.tracing)
        for listener in listeners:
            if listener is not None:
                listener.finish(finished)

    def _note(self, told: Told, part: Part) -> None:
        self.meters.count(part)
        # Late work of a request that was given up belongs to none any more.
        parts = self._answered.get(told.arrival.request_id[:_ID_LENGTH])
        if parts is not None:
            parts.append(part)
