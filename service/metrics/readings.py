"""What is not counted but looked up when metrics are asked for: in the ledger, mostly."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Generic, TypeVar, final

_LOGGER: Final = logging.getLogger("reasoned.service")
FRESH: Final = 3.0  # seconds
PATIENCE: Final = 2.0  # seconds
Value = TypeVar("Value")


@final
class Reading(Generic[Value]):
    """A value that is looked up in a thread, at most every few seconds.

    Parameters
    ----------
    name
        What the log calls it.
    look
        Looks it up; may be slow, and may fail.
    fresh
        Seconds for which a value is taken as it is.
    patience
        Seconds that `current` waits. Whoever comes after that waits for the same look-up, so
        that a database that hangs has one waiting thread, and not one for each scrape.

    Attributes
    ----------
    failing
        Whether it could not be had the last time.

    """

    def __init__(
        self,
        name: str,
        look: Callable[[], Value],
        fresh: float = FRESH,
        patience: float = PATIENCE,
    ) -> None:
        self._name = name
        self._look = look
        self._fresh = fresh
        self._patience = patience
        self._lock = threading.Lock()
        self._pending: Future[Value] | None = None
        self._ended = 0.0
        self.failing = False

    def current(self) -> Value | None:
        """Give the value, or None where it cannot be had in time."""
        try:
            value = self._asked().result(timeout=self._patience)
        except Exception as error:  # noqa: BLE001  whatever it was, the other metrics are shown
            if not self.failing:
                _LOGGER.warning("%s cannot be read for the metrics: %r", self._name, error)
            self.failing = True
            return None
        self.failing = False
        return value

    def _asked(self) -> "Future[Value]":
        with self._lock:
            pending = self._pending
            if pending is None or (pending.done() and self._is_old(pending)):
                pending = self._pending = Future()
                threading.Thread(
                    target=self._read, args=(pending,), name="reasoned-reading", daemon=True
                ).start()
            return pending

    def _is_old(self, done: "Future[Value]") -> bool:
        return done.exception() is not None or time.monotonic() - self._ended > self._fresh

    def _read(self, pending: "Future[Value]") -> None:
        try:
            value = self._look()
        except Exception as error:  # noqa: BLE001  told to whoever waits
            pending.set_exception(error)
        else:
            self._ended = time.monotonic()
            pending.set_result(value)
