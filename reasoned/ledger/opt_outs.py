"""Training images that must not be shown, as the ledger lists them."""

import dataclasses
from typing import Any, Final, final

import orjson
from sqlalchemy import Connection, delete, insert, select

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ACTION, OPT_OUT

WITHHELD: Final = "example withheld"
RESTORED: Final = "example restored"
_COLUMNS: Final = (OPT_OUT.c.example, OPT_OUT.c.at, OPT_OUT.c.by, OPT_OUT.c.reason)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class OptOut:
    """One training image that must not be shown.

    Attributes
    ----------
    example
        Its id.
    at
        Since when: seconds since 1970, UTC.
    by
        Who asked for it.
    reason
        Why, where somebody said so.

    """

    example: str
    at: float
    by: str
    reason: str | None


def listed_examples(ledger: Ledger) -> frozenset[str]:
    """Give the ids on the list."""
    with ledger.engine.connect() as connection:
        return frozenset(connection.execute(select(OPT_OUT.c.example)).scalars())


def read_opt_outs(ledger: Ledger) -> tuple[OptOut, ...]:
    """Give the list, by id."""
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(*_COLUMNS).order_by(OPT_OUT.c.example))
        return tuple(OptOut(*row) for row in rows)


def withhold(ledger: Ledger, opt_out: OptOut) -> bool:
    """Put an image on the list; say whether it is new there, else who put it there stays."""
    with ledger.writing() as connection:
        if _find(connection, opt_out.example) is not None:
            return False
        connection.execute(insert(OPT_OUT), dataclasses.asdict(opt_out))
        detail = {"example": opt_out.example, "reason": opt_out.reason}
        _note(connection, WITHHELD, opt_out.at, opt_out.by, detail)
    return True


def restore(ledger: Ledger, example: str, by: str, at: float) -> bool:
    """Take an image off the list; say whether it was there."""
    with ledger.writing() as connection:
        found = _find(connection, example)
        if found is None:
            return False
        connection.execute(delete(OPT_OUT).where(OPT_OUT.c.example == example))
        since = {"since": found.at, "withheld_by": found.by, "reason": found.reason}
        _note(connection, RESTORED, at, by, {"example": example, **since})
    return True


def _find(connection: Connection, example: str) -> OptOut | None:
    row = connection.execute(select(*_COLUMNS).where(OPT_OUT.c.example == example)).first()
    return None if row is None else OptOut(*row)


def _note(connection: Connection, action: str, at: float, by: str, detail: dict[str, Any]) -> None:
    values = {"at": at, "by": by, "action": action, "detail": orjson.dumps(detail).decode()}
    connection.execute(insert(ACTION), values)
