"""What a ledger holds, counted."""

from typing import Any, Final, final

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Connection, case, func, select, true

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.records import moment
from reasoned.ledger.tables import DECISION, FEEDBACK
from reasoned.reply.bodies import Frozen

_ROW: Final = DECISION.c
_TOLD: Final = FEEDBACK.c
UNEXPLAINED: Final = "unexplained"  # has no status: a deadline left the explanation out


@final
class Ratio(Frozen):
    """So many of so many."""

    count: int
    of: int


@final
class LedgerStatistics(Frozen):
    """What a ledger holds.

    `bytes` is of all tenants together, and null where one is asked about. `agreement` counts
    the even sample alone, since disagreements are always recorded. `wrong` and `useful` count
    decisions by the newest that was said of them.
    """

    decisions: int
    bytes: int | None
    first: AwareDatetime | None
    last: AwareDatetime | None
    statuses: dict[str, int]
    classes: dict[str, int]
    models: dict[str, int]
    agreement: Ratio
    feedback: int
    wrong: Ratio
    useful: Ratio


def read_statistics(ledger: Ledger, tenant: str | None) -> LedgerStatistics:
    """Count the decisions of one tenant, or of all; reads every row."""
    with ledger.engine.connect() as connection:
        mine = true() if tenant is None else _ROW.tenant == tenant
        first, last = connection.execute(
            select(func.min(_ROW.at), func.max(_ROW.at)).where(mine)
        ).one()
        statuses = _counted(connection, _ROW.status, mine)
        return LedgerStatistics(
            decisions=sum(statuses.values()),
            bytes=ledger.size().bytes if tenant is None else None,
            first=None if first is None else moment(first),
            last=None if last is None else moment(last),
            statuses=statuses,
            classes=_counted(connection, _ROW.label, mine),
            models=_counted(connection, _ROW.model, mine),
            agreement=_agreement(connection, mine),
            feedback=_heard(connection, tenant),
            wrong=_newest(connection, _TOLD.wrong, tenant),
            useful=_newest(connection, _TOLD.useful, tenant),
        )


def _counted(
    connection: Connection, column: ColumnElement[Any], mine: ColumnElement[bool]
) -> dict[str, int]:
    """Count the rows by a column, the most frequent first."""
    asked = select(column, func.count()).where(mine).group_by(column)
    found = {value or UNEXPLAINED: count for value, count in connection.execute(asked)}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _agreement(connection: Connection, mine: ColumnElement[bool]) -> Ratio:
    agreed = func.coalesce(func.sum(case((_ROW.agrees == true(), 1), else_=0)), 0)
    asked = select(agreed, func.count()).where(mine, _ROW.agrees.is_not(None), _ROW.sampled)
    count, of = connection.execute(asked).one()
    return Ratio(count=count, of=of)


def _heard(connection: Connection, tenant: str | None) -> int:
    asked = select(func.count(_TOLD.id.distinct()))
    if tenant is not None:
        asked = asked.where(_TOLD.tenant == tenant)
    found: int = connection.execute(asked).scalar_one()
    return found


def _newest(connection: Connection, column: ColumnElement[bool], tenant: str | None) -> Ratio:
    """Count decisions by the newest feedback that says something in a column."""
    newest = select(func.max(_TOLD.number)).where(column.is_not(None)).group_by(_TOLD.id)
    asked = select(
        func.coalesce(func.sum(case((column == true(), 1), else_=0)), 0), func.count()
    ).where(_TOLD.number.in_(newest))
    if tenant is not None:
        asked = asked.where(_TOLD.tenant == tenant)
    count, of = connection.execute(asked).one()
    return Ratio(count=count, of=of)
