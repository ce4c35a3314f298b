"""Alarms as the ledger keeps them: what was raised, and who has seen it."""

import dataclasses
import time
from typing import Any, Final, final

import orjson
from sqlalchemy import Connection, func, insert, select, update

from explainers.errors import ReasonedError
from reasoned.drift.change import Contributor, Contributors
from reasoned.ledger.reading import Opened
from reasoned.ledger.tables import ACTION, ALARM, DECISION

ACKNOWLEDGED: Final = "acknowledge alarm"
MOST: Final = 200


class NoAlarmError(ReasonedError, LookupError):
    """There is no alarm of this number."""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Alarm:
    """A family of detectors that came to its threshold.

    Attributes
    ----------
    number
        Rises with each alarm of the ledger.
    model
        The digest of the model's manifest.
    signal
        The family.
    at
        When it was raised: seconds since 1970, UTC.
    evidence, threshold
        Decimal logarithms.
    counted
        Requests since the family began anew.
    first_seq, last_seq
        The requests of the change, by their places in the ledger.
    contributors
        What it is due to, the strongest first.
    examples
        The ids of decisions that show it, those of the asking tenant only.
    acknowledged
        When somebody said that it was seen; None where nobody did.
    began
        When the first request of the change was answered; None where it is no longer kept.

    """

    number: int
    model: str
    signal: str
    at: float
    evidence: float
    threshold: float
    counted: int
    first_seq: int
    last_seq: int
    contributors: tuple[Contributor, ...]
    examples: tuple[str, ...] = ()
    acknowledged: float | None = None
    began: float | None = None


def raise_alarm(connection: Connection, alarm: Alarm, contributors: Contributors) -> None:
    """Write an alarm, in the transaction that moves the detectors past it."""
    left_out = {"number", "contributors", "examples", "began"}
    fields = {f.name: getattr(alarm, f.name) for f in dataclasses.fields(alarm)}
    told = {name: value for name, value in fields.items() if name not in left_out}
    connection.execute(insert(ALARM).values(**told, contributors=contributors.model_dump_json()))


def prolong(connection: Connection, model: str, signal: str, last_seq: int) -> bool:
    """Let the newest alarm of a family go on, unless somebody has seen it or there is none."""
    newest = (
        select(func.max(ALARM.c.number))
        .where(ALARM.c.model == model, ALARM.c.signal == signal)
        .scalar_subquery()
    )
    unseen = update(ALARM).where(ALARM.c.number == newest, ALARM.c.acknowledged.is_(None))
    return connection.execute(unseen.values(last_seq=last_seq)).rowcount == 1


def read(ledger: Opened, model: str, tenant: str | None, *, most: int = MOST) -> tuple[Alarm, ...]:
    """Give the alarms of a model, the newest first.

    Parameters
    ----------
    ledger
        Where they were written.
    model
        The digest of the model's manifest.
    tenant
        Whose decisions are shown; None for everybody's.
    most
        How many alarms.

    """
    wanted = select(ALARM).where(ALARM.c.model == model).order_by(ALARM.c.number.desc())
    with ledger.engine.connect() as connection:
        rows = connection.execute(wanted.limit(most)).all()
        return tuple(alarm_of(connection, row, tenant) for row in rows)


def read_one(ledger: Opened, number: int, tenant: str | None) -> Alarm:
    """Give one alarm.

    Raises
    ------
    NoAlarmError
        When there is none of this number.

    """
    with ledger.engine.connect() as connection:
        row = connection.execute(select(ALARM).where(ALARM.c.number == number)).one_or_none()
        if row is None:
            raise NoAlarmError(f"there is no alarm {number}; `reasoned drift alarms` lists them")
        return alarm_of(connection, row, tenant)


def acknowledge(ledger: Opened, number: int, by: str, note: str = "") -> Alarm:
    """Note that somebody has seen an alarm; of several the first time stays.

    Raises
    ------
    NoAlarmError
        When there is none of this number.

    """
    now = time.time()
    detail = orjson.dumps({"alarm": number, "note": note}).decode()
    unseen = update(ALARM).where(ALARM.c.number == number, ALARM.c.acknowledged.is_(None))
    with ledger.engine.begin() as connection:
        if connection.execute(unseen.values(acknowledged=now)).rowcount == 1:
            connection.execute(
                insert(ACTION).values(at=now, by=by, action=ACKNOWLEDGED, detail=detail)
            )
    return read_one(ledger, number, None)


def alarm_of(connection: Connection, row: Any, tenant: str | None) -> Alarm:  # noqa: ANN401  a row of many types
    """Make an alarm of its row, with the decisions that the tenant may see."""
    found = Contributors.model_validate_json(row.contributors)
    told: dict[str, Any] = {f.name: getattr(row, f.name, None) for f in dataclasses.fields(Alarm)}
    told["contributors"] = found.members
    told["examples"] = _examples(connection, row.model, found, tenant)
    first = select(DECISION.c.at).where(DECISION.c.seq == row.first_seq)
    told["began"] = connection.execute(first).scalar_one_or_none()
    return Alarm(**told)


def _examples(
    connection: Connection, model: str, found: Contributors, tenant: str | None
) -> tuple[str, ...]:
    """Look up the ids of decisions, as far as they are kept and may be seen."""
    if tenant is None:
        seqs = [seq for own in found.examples.values() for seq in own]
    else:
        seqs = [*found.examples.get(tenant, ())]
    wanted = select(DECISION.c.seq, DECISION.c.id).where(
        DECISION.c.seq.in_(seqs), DECISION.c.model == model
    )
    if tenant is not None:
        wanted = wanted.where(DECISION.c.tenant == tenant)
    names = {row.seq: row.id for row in connection.execute(wanted)} if seqs else {}
    return tuple(names[seq] for seq in seqs if seq in names)
