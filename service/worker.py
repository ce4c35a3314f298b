"""All that one worker serves with: opened, begun and ended together."""

import dataclasses
from collections.abc import Callable
from typing import Self, final

from reasoned.drift.status import MonitorStatus, read_status
from reasoned.ledger.tally import Size
from service.desk import Desk
from service.metrics.sources import Sources
from service.opt_out import OptOutList
from service.recorded import Records
from service.served_model import ServedModel
from service.settings import Settings
from service.shelf import Shelf, hindsight_of, reading_pool
from service.watching import Watch


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Worker:
    """The parts of one worker.

    Attributes
    ----------
    desk
        Answers pictures.
    records
        Writes answers down; None where nothing is recorded.
    shelf
        Shows what was answered before.
    opt_outs
        Holds back training images.
    watch
        Counts, logs and traces.

    """

    desk: Desk
    records: Records | None
    shelf: Shelf
    opt_outs: OptOutList
    watch: Watch

    @classmethod
    def open(cls, model: ServedModel, settings: Settings) -> Self:
        """Open everything that the settings ask for; nothing runs yet.

        Raises
        ------
        SettingsError
            When the settings are wrong.
        LedgerError
            When the ledger cannot be opened.

        """
        records = Records.open(model, settings)
        watch = Watch.open(model, settings, _sources(model, settings, records))
        record = None if records is None else records.observe
        desk = Desk.open(model, settings, (watch.recording(record),))
        ledger = None if records is None else records.ledger
        opt_outs = OptOutList.open(desk.holder, settings, ledger)
        shelf = Shelf.empty()
        if records is not None:
            shelf = Shelf(
                ledger=records.ledger,
                reading=reading_pool(),
                flushed=records.flushed,
                hindsight=lambda: hindsight_of(desk.model),
                model=model.sha256,
                classes=model.classes,
                run_length=settings.run_length,
            )
        return cls(desk, records, shelf, opt_outs, watch)

    def start(self) -> None:
        """Begin what goes on in the background."""
        if self.records is not None:
            self.records.start()
        self.opt_outs.start()

    def stop(self) -> None:
        """End it; what waits to be written is written."""
        self.opt_outs.close()
        self.shelf.reading.close()
        if self.records is not None:
            self.records.stop()


def _sources(model: ServedModel, settings: Settings, records: Records | None) -> Sources:
    rank = None if model.reference is None else model.reference.rank
    if records is None:
        return Sources(rank=rank)
    detectors = None if records.monitor is None else _detectors(model, settings, records)
    limit = Size(settings.ledger_rows, settings.ledger_bytes)
    return Sources(records.writer, records.ledger.size, detectors, rank, limit)


def _detectors(
    model: ServedModel, settings: Settings, records: Records
) -> Callable[[], MonitorStatus] | None:
    reference, ledger = model.reference, records.ledger
    if reference is None:
        return None
    return lambda: read_status(ledger, reference, run_length=settings.run_length)
