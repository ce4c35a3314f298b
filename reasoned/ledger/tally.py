"""What a ledger holds, kept up in one row beside what is written and deleted."""

import dataclasses
from typing import Final, final

from sqlalchemy import Connection, bindparam, select, update

from reasoned.ledger.tables import TALLY

# Made once: to make a statement for each transaction would take longer than to execute it.
_LAST: Final = select(TALLY.c.seq)
_COUNT: Final = update(TALLY).values(
    rows=TALLY.c.rows + bindparam("more_rows"),
    bytes=TALLY.c.bytes + bindparam("more_bytes"),
    seq=TALLY.c.seq + bindparam("given_out"),
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How much a ledger holds.

    Attributes
    ----------
    rows
        Decisions.
    bytes
        What they take, with replies and what is kept: about what the file grew by.

    """

    rows: int
    bytes: int


def held(connection: Connection) -> Size:
    """Say how much is held."""
    return Size(*connection.execute(select(TALLY.c.rows, TALLY.c.bytes)).one())


def last_seq(connection: Connection) -> int:
    """Give the last number that was given out, in a transaction that holds the lock."""
    found: int = connection.execute(_LAST).scalar_one()
    return found


def count(connection: Connection, rows: int, volume: int) -> None:
    """Count what was written, or with a minus what was deleted; each row written has a number."""
    given = {"more_rows": rows, "more_bytes": volume, "given_out": max(rows, 0)}
    connection.execute(_COUNT, given)
