"""One thread that writes decisions down, so that no answer waits for a disk."""

import collections
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, final

from reasoned.ledger.afterwards import Afterwards
from reasoned.ledger.decision import Decision
from reasoned.ledger.failure import blames_rows, reason_of
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.refusal import Refusal

_LOGGER: Final = logging.getLogger("reasoned.ledger")


@final
class LedgerWriter:
    """A bounded queue before a ledger, and the thread that empties it.

    Rows are written `every` so many seconds, or once `most_at_once` of them wait. Where the
    database cannot be written, rows are tried again for `patience` seconds, and further ones
    wait; where no place is left to wait, they are dropped. All are counted.

    Nothing runs before `start`, which belongs into the process that serves.

    Parameters
    ----------
    ledger
        Is written to; closing it is left to its owner.
    most_waiting
        Rows that may wait.
    every
        Seconds.
    most_at_once
        Rows of one transaction.
    afterwards
        Called in this thread after each transaction, and once a second at the least.
    patience
        Seconds for which rows are tried again.
    strict
        Whether no row may be taken in and lost: while the database cannot be written none is
        taken, and those that wait are tried until the end.

    """

    def __init__(  # noqa: PLR0913  the limits of a queue, each with its default
        self,
        ledger: Ledger,
        *,
        most_waiting: int,
        every: float = 0.2,
        most_at_once: int = 200,
        afterwards: Sequence[Callable[[], object]] = (),
        patience: float = 10.0,
        strict: bool = False,
    ) -> None:
        self._ledger = ledger
        self._most_waiting = most_waiting
        self._every = every
        self._most_at_once = most_at_once
        self._patience = math.inf if strict else patience
        self._strict = strict
        self._afterwards = Afterwards(afterwards)
        self._queue = collections.deque[Decision]()
        self._batch: list[Decision] = []  # taken out of the queue, and not yet written
        self._batch_since = 0.0
        self._failures = collections.Counter[str]()
        self._written = self._dropped = 0
        self._spell = False  # whether the database cannot be written
        self._offering = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._settled = threading.Condition()
        self._taken = 0  # rows that ever left the queue
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Count the rows that are not yet written."""
        return len(self._queue) + len(self._batch)

    @property
    def dropped(self) -> int:
        """Count the rows for which there was no place."""
        return self._dropped

    @property
    def written(self) -> int:
        """Count the rows that were written."""
        return self._written

    @property
    def failed(self) -> int:
        """Count the rows that could not be written."""
        return self._failures.total()

    @property
    def failures(self) -> dict[str, int]:
        """Count the rows that could not be written, by the name of the error."""
        return dict(self._failures)

    @property
    def mishaps(self) -> int:
        """Count the calls in `afterwards` that raised."""
        return self._afterwards.mishaps

    def put(self, decision: Decision) -> bool:
        """Take a row in; say whether it was taken."""
        return self.offer(decision) is None

    def offer(self, decision: Decision) -> Refusal | None:
        """Take a row in, or say why not."""
        with self._offering:
            refusal = self._refusal()
            if refusal is not None:
                self._dropped += 1
                return refusal
            self._queue.append(decision)
        if len(self._queue) >= self._most_at_once and not self._wake.is_set():
            self._wake.set()
        return None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def flush(self, timeout: float) -> bool:
        """Wait until what was put before is written or has failed; False after the time given.

        Parameters
        ----------
        timeout
            Seconds.

        """
        with self._settled:
            wanted = self._taken + len(self._queue)
            self._wake.set()
            return self._settled.wait_for(lambda: self._taken - len(self._batch) >= wanted, timeout)

    def close(self) -> None:
        """Write what waits, and end the thread; what cannot be written is counted as failed."""
        with self._offering:  # what was let in before is in the queue by then
            self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _refusal(self) -> Refusal | None:
        if self._stopping.is_set():
            return "closed"
        if self._strict and self._spell:
            return "unwritable"
        return "full" if len(self._queue) >= self._most_waiting else None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            self._round()
            if self._spell:  # a full queue must not make a storm of tries
                self._stopping.wait(self._every)
        self._round()
        self._give_up("Closed")
        while self._queue:
            self._fill()
            self._give_up("Closed")

    def _round(self) -> None:
        # What comes in the meantime makes the next, fuller batch: each costs some milliseconds.
        last = self._taken + len(self._queue)
        while (self._batch or self._taken < last) and self._fill():
            if not (self._stands() and self._wrote()):
                break
            self._afterwards.run()
        if not self._batch:
            self._stands()
        self._afterwards.run_if_due()

    def _stands(self) -> bool:
        """Look after the ledger's file; say whether there is one that rows can go into."""
        try:
            self._ledger.look()
        except Exception as error:  # noqa: BLE001  whatever it is, the thread must go on
            return bool(self._batch) and self._failed(error)
        return True

    def _fill(self) -> bool:
        """Take a batch out of the queue, unless one is waiting; say whether there is one."""
        if not self._batch:
            with self._settled:
                few = min(len(self._queue), self._most_at_once)
                self._batch = [self._queue.popleft() for _ in range(few)]
                self._taken += few
            self._batch_since = time.monotonic()
        return bool(self._batch)

    def _settle(self, rows: list[Decision]) -> None:
        """Keep these of the batch; the others are written or have failed."""
        with self._settled:
            self._batch = rows
            self._settled.notify_all()

    def _wrote(self) -> bool:
        """Write the batch; say whether the database could be written."""
        try:
            self._ledger.write(self._batch)
        except Exception as error:  # noqa: BLE001  whatever it is, the thread must go on
            if not blames_rows(error):
                return self._failed(error)
            return self._wrote_singly()
        self._count_written(len(self._batch))
        self._settle([])
        return True

    def _wrote_singly(self) -> bool:
        """Write the rows one by one, so that a wrong one takes no others with it."""
        while self._batch:
            try:
                self._ledger.write(self._batch[:1])
            except Exception as error:
                if not blames_rows(error):
                    return self._failed(error)
                _LOGGER.exception("a row cannot be written: %s", self._batch[0].id)
                self._failures[reason_of(error)] += 1
            else:
                self._count_written(1)
            self._settle(self._batch[1:])
        return True

    def _count_written(self, rows: int) -> None:
        self._written += rows
        if self._spell:
            self._spell = False
            _LOGGER.warning(
                "the ledger can be written again; until now %d rows failed, %d found no place",
                self.failed,
                self._dropped,
            )

    def _failed(self, error: Exception) -> bool:
        if not self._spell:
            self._spell = True
            _LOGGER.error("the ledger cannot be written; rows wait, then fail: %s", error)
        if time.monotonic() - self._batch_since >= self._patience:
            self._give_up(reason_of(error))
        return False

    def _give_up(self, reason: str) -> None:
        if self._batch:
            self._failures[reason] += len(self._batch)
            self._settle([])
