"""What one worker counts, and the figures of all workers together."""

import logging
import os
import threading
import time
from pathlib import Path
from typing import Final, Self, final

from prometheus_client.core import Metric

from service.finished import Finished
from service.metrics.answer_counts import AnswerCounts
from service.metrics.families import (
    ALL,
    CPU,
    DROPPED,
    DURATION,
    ERRORS,
    IN_PROGRESS,
    MEMORY,
    REQUESTS,
    STARTED,
    WAITING,
    WORKERS,
    WRITTEN,
)
from service.metrics.lookups import Lookups
from service.metrics.part import Part
from service.metrics.shared_folder import Counts, SharedFolder
from service.metrics.shown import constants, shown
from service.metrics.sources import Sources
from service.metrics.tally import Tally
from service.served_model import ServedModel
from service.telling import Told

_LOGGER: Final = logging.getLogger("reasoned.service")
EVERY: Final = 0.5  # seconds
_IDLE: Final = 20  # times that
_STATM: Final = Path("/proc/self/statm")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@final
class Meters:
    """Counts what this worker does; safe to call from several threads.

    Parameters
    ----------
    model
        Whose answers are counted.
    sources
        Where the other figures come from.
    folder
        Where the workers put their counts together; None where there is one worker.

    """

    def __init__(
        self,
        model: ServedModel,
        sources: Sources | None = None,
        folder: SharedFolder | None = None,
    ) -> None:
        self._tally = Tally()
        self._lock = threading.Lock()
        self._sources = sources or Sources()
        self._folder = folder
        self._answers = AnswerCounts(self._tally, model, self._sources.rank)
        self._lookups = Lookups(model.name, self._sources)
        self._constants = constants(model)
        self._changed = True
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._begin()

    @classmethod
    def open(cls, model: ServedModel, sources: Sources | None = None) -> Self:
        """Count beside the other workers of this server, if it was told of their folder."""
        return cls(model, sources, SharedFolder.of_server(added_up))

    def observe(self, told: Told) -> None:
        """Count one answer."""
        self.count(Part.of(told))

    def count(self, part: Part) -> None:
        """Count one answer, as far as it is known."""
        with self._lock:
            self._answers.count(part)
            self._changed = True

    def begin(self) -> None:
        """Count a request that has come."""
        with self._lock:
            self._tally.count(IN_PROGRESS)
            self._changed = True

    def finish(self, finished: Finished) -> None:
        """Count a request that is over."""
        route, method, code = finished.route, finished.method, str(finished.status)
        with self._lock:
            tally = self._tally
            tally.count(IN_PROGRESS, amount=-1.0)
            tally.count(REQUESTS, (route, method, code))
            tally.distribution(DURATION, (route, method, f"{code[0]}xx")).add(finished.seconds)
            self._changed = True

    def metrics(self) -> list[Metric]:
        """Give every metric, over all workers; may wait for the ledger."""
        looked_up = self._lookups.collect()
        own = self._dump()
        total = Tally()
        total.include(own, self._answers.families, alive=True)
        for counts, alive in self._others():
            total.include(counts, self._answers.families, alive=alive)
        return [*shown(total), *self._constants, *looked_up]

    def start(self) -> None:
        """Begin to tell the other workers what is counted here."""
        if self._folder is not None and self._thread is None:
            self._publish()
            self._thread = threading.Thread(target=self._tell, name="reasoned-metrics", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Tell them a last time, and leave."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None  # once gone, it may be added up with others
            self._publish()
        if self._folder is not None:
            self._folder.close()

    def _others(self) -> list[tuple[Counts, bool]]:
        try:
            return self._folder.others() if self._folder is not None else []
        except OSError as error:
            _LOGGER.warning("the other workers' counts cannot be read: %r", error)
            return []

    def _tell(self) -> None:
        idle, written = 0, self._written()
        while not self._stopping.wait(EVERY):
            idle += 1
            if self._changed or idle == _IDLE or written != self._written():
                idle, written = 0, self._written()
                self._publish()

    def _written(self) -> tuple[int, ...]:
        writer = self._sources.writer
        if writer is None:
            return ()
        return writer.waiting, writer.written, writer.dropped, writer.failed, writer.mishaps

    def _publish(self) -> None:
        self._changed = False
        if self._folder is not None:
            try:
                self._folder.publish(self._dump())
            except OSError as error:
                _LOGGER.warning("this worker's counts cannot be shared: %r", error)

    def _begin(self) -> None:
        self._tally.count(IN_PROGRESS, amount=0.0)
        self._tally.note(WORKERS, 1.0)
        self._tally.note(STARTED, time.time())

    def _dump(self) -> Counts:
        """Give this worker's counts, those that are kept elsewhere included."""
        with self._lock:
            tally = self._tally
            tally.note(CPU, time.process_time())
            if _STATM.is_file():
                tally.note(MEMORY, int(_STATM.read_text().split()[1]) * _PAGE)
            writer = self._sources.writer
            if self._lookups or writer is not None:
                mishaps = 0 if writer is None else writer.mishaps
                tally.note(ERRORS, self._lookups.failed + mishaps)
            if writer is not None:
                tally.note(DROPPED, writer.dropped, ("full",))
                tally.note(DROPPED, writer.failed, ("failed",))
                tally.note(WRITTEN, writer.written)
                tally.note(WAITING, writer.waiting)
            return tally.dump()


def added_up(many: list[Counts]) -> Counts:
    """Make one of the counts of many workers that are gone."""
    total = Tally()
    for counts in many:
        total.include(counts, ALL, alive=False)
    return total.dump()
