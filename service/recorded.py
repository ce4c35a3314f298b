"""The ledger with what writes it and what watches it: begun and ended together."""

import dataclasses
import logging
import os
import socket
import time
from collections.abc import Callable
from typing import Final, Self, final

from reasoned.drift.monitor import Monitor
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.retention import Retention
from reasoned.ledger.writer import LedgerWriter
from reasoned.model import ExplainedModel
from reasoned.replay.activations import pack_activations, reads_pixels
from service.ledger_address import ledger_address
from service.recording import Pack, Recorder
from service.served_model import ServedModel
from service.settings import Settings
from service.telling import Told

_LOGGER: Final = logging.getLogger("reasoned.service")
_FLUSHED: Final = 0.5  # seconds that a reader waits for what is still to be written
_TIDY_EVERY: Final = 60.0
_FOLLOW_EVERY: Final = 1.0
_MOST_STEPS: Final = 8  # the thread has rows to write, too


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What one worker records.

    Attributes
    ----------
    ledger
        Where.
    writer
        Its thread; the detectors move in it too.
    monitor
        Moves the detectors; None where there are none.
    recorder
        Makes rows of answers.

    """

    ledger: Ledger
    writer: LedgerWriter
    monitor: Monitor | None
    recorder: Recorder

    @classmethod
    def open(cls, model: ServedModel, settings: Settings) -> Self | None:
        """Open the ledger that the settings name; None where there is to be none.

        Raises
        ------
        LedgerError
            When it cannot be opened.

        """
        address = ledger_address(settings)
        if address is None:
            return None
        ledger = Ledger.open(address, replies=settings.ledger_replies)
        monitor = _monitor(ledger, model, settings)
        bounds = Retention(settings.ledger_days, settings.ledger_rows, settings.ledger_bytes)
        tidy = _paced(lambda: bounds.apply(ledger), _TIDY_EVERY)
        writer = LedgerWriter(
            ledger,
            most_waiting=settings.ledger_queue,
            strict=settings.ledger_strict,
            afterwards=(tidy,) if monitor is None else (_following(monitor), tidy),
        )
        recorder = Recorder(
            offer=writer.offer,
            model=model.sha256,
            keep=settings.ledger_keep,
            replies=settings.ledger_replies,
            share=settings.ledger_sample,
            strict=settings.ledger_strict,
            pack=_packing(model) if settings.ledger_keep == "activations" else None,
        )
        return cls(ledger, writer, monitor, recorder)

    def observe(self, told: Told) -> None:
        """Record one answer; see `Recorder.observe`."""
        self.recorder.observe(told)

    def start(self) -> None:
        """Begin to write."""
        self.writer.start()

    def flushed(self) -> None:
        """Wait, half a second at the most, until what was put before is written."""
        self.writer.flush(_FLUSHED)

    def stop(self) -> None:
        """Write what waits, let another worker move the detectors, and close the ledger."""
        self.writer.close()
        if self.monitor is not None:
            try:
                self.monitor.close()
            except Exception:
                _LOGGER.exception("the detectors' lease could not be given back; it runs out")
        self.ledger.close()


def _monitor(ledger: Ledger, model: ServedModel, settings: Settings) -> Monitor | None:
    if settings.run_length == 0:
        return None
    if model.reference is None:
        _LOGGER.warning(
            "%s has no drift reference, so its detectors are off; `reasoned drift reference` "
            "measures one",
            model.name,
        )
        return None
    return Monitor(
        ledger,
        model.reference,
        run_length=settings.run_length,
        feedback=settings.feedback_alarm,
        owner=f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}",
    )


def _following(monitor: Monitor) -> Callable[[], None]:
    """Let the detectors go on once a second: many requests at a time cost less each."""

    def follow() -> None:
        for _ in range(_MOST_STEPS):
            monitor.step()
            if not monitor.behind:
                return

    return _paced(follow, _FOLLOW_EVERY)


def _packing(model: ServedModel) -> Pack | None:
    if not isinstance(model, ExplainedModel):
        return None
    pixels = reads_pixels(model.explaining.parts)
    return lambda activations: pack_activations(activations, pixels=pixels)


def _paced(call: Callable[[], object], seconds: float) -> Callable[[], None]:
    """Let a call through once in so many seconds; the first time at once."""
    due = [0.0]

    def paced() -> None:
        if time.monotonic() >= due[0]:
            due[0] = time.monotonic() + seconds
            call()

    return paced
