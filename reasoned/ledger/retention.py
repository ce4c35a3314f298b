"""How long, how many and how large: what is older goes."""

import dataclasses
import time
from typing import Final, final

from sqlalchemy import Connection, func, select

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import DECISION
from reasoned.ledger.tally import count, held

_AT_ONCE: Final = 500  # decisions of one transaction: others wait for it
_DAY: Final = 86_400.0


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Retention:
    """The bounds of a ledger; of what exceeds them the oldest goes first.

    What was said of a decision goes with it: a note may speak of a person, and means nothing
    without what it was said of. Alarms and what was changed by hand stay.

    The file of a SQLite ledger does not shrink; what is deleted makes place for what comes.

    Attributes
    ----------
    days, rows, bytes
        What is kept at the most.

    """

    days: float
    rows: int
    bytes: int

    def apply(self, ledger: Ledger, *, most: int = 5_000) -> int:
        """Delete what is too much, in small transactions, and say how many decisions went.

        Several processes may do so at a time. Where nothing is too much, this reads two rows.

        Parameters
        ----------
        ledger
            Is kept within the bounds.
        most
            Decisions that are deleted in one call, so that writing does not wait for long.

        """
        cutoff = time.time() - self.days * _DAY
        gone = 0
        while gone < most and self._exceeded(ledger, cutoff):
            some = self._delete(ledger, cutoff, min(_AT_ONCE, most - gone))
            if not some:
                break
            gone += some
        return gone

    def _exceeded(self, ledger: Ledger, cutoff: float) -> bool:
        with ledger.engine.connect() as connection:
            size = held(connection)
            oldest = connection.execute(select(func.min(DECISION.c.at))).scalar_one()
        if oldest is None:
            return False
        return bool(size.rows > self.rows or size.bytes > self.bytes or oldest < cutoff)

    def _delete(self, ledger: Ledger, cutoff: float, most: int) -> int:
        with ledger.writing() as connection:
            going = self._too_much(connection, cutoff, most)
            if going:
                ledger.statements.delete(connection, list(going))
                count(connection, -len(going), -sum(going.values()))
        return len(going)

    def _too_much(self, connection: Connection, cutoff: float, most: int) -> dict[int, int]:
        """Give the oldest decisions, as long as they are too much: numbers, and sizes."""
        oldest = (
            select(DECISION.c.seq, DECISION.c.at, DECISION.c.size)
            .order_by(DECISION.c.at, DECISION.c.seq)
            .limit(most)
        )
        size = held(connection)
        rows, volume = size.rows, size.bytes
        going: dict[int, int] = {}
        for seq, at, taken in connection.execute(oldest):
            if rows <= self.rows and volume <= self.bytes and at >= cutoff:
                break
            going[seq] = taken
            rows, volume = rows - 1, volume - taken
        return going
