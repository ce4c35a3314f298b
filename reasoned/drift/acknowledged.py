"""Who has seen which alarm."""

import dataclasses
from collections.abc import Iterable
from typing import Final, final

import orjson
from sqlalchemy import select

from reasoned.drift.alarms import ACKNOWLEDGED, Alarm
from reasoned.ledger.reading import Opened
from reasoned.ledger.tables import ACTION

_SAID: Final = select(ACTION.c.at, ACTION.c.by, ACTION.c.detail)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """Somebody has seen an alarm.

    Attributes
    ----------
    at
        When: seconds since 1970, UTC.
    by
        Who; None where the ledger no longer says.
    note
        What was found; empty for nothing.

    """

    at: float
    by: str | None = None
    note: str = ""


def read_seen(ledger: Opened, alarms: Iterable[Alarm]) -> dict[int, Seen]:
    """Say who has seen alarms, by their numbers; those that nobody has are left out."""
    found = {one.number: Seen(one.acknowledged) for one in alarms if one.acknowledged is not None}
    if not found:
        return {}
    # An alarm and what was done to it bear the same time: one transaction wrote both.
    then = ACTION.c.at.in_({seen.at for seen in found.values()})
    with ledger.engine.connect() as connection:
        rows = connection.execute(_SAID.where(ACTION.c.action == ACKNOWLEDGED, then)).all()
    for row in rows:
        detail = orjson.loads(row.detail)
        number = detail["alarm"]
        if number in found and found[number].at == row.at:
            found[number] = Seen(row.at, row.by, detail["note"])
    return found
