"""One decision out of the ledger, with what it cited and what was said of it since."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol, final

import orjson
from sqlalchemy import Connection, Engine, Row, Select, Text, cast, func, select

from explainers.evidence import Citation
from reasoned.ledger.decision import Decision, Kept
from reasoned.ledger.legible import read_numbers
from reasoned.ledger.tables import CITED, DECISION, FEEDBACK, KEPT, REPLY

# SQLite takes 32,766 parameters in one statement at the most.
_AT_ONCE: Final = 10_000
_FIELDS: Final = frozenset(field.name for field in dataclasses.fields(Decision))
_WHOLE: Final = select(DECISION, REPLY.c.body, KEPT.c.kind, KEPT.c.data).select_from(
    DECISION.outerjoin(REPLY, REPLY.c.seq == DECISION.c.seq).outerjoin(
        KEPT, KEPT.c.seq == DECISION.c.seq
    )
)


class Opened(Protocol):
    """A database that holds the tables of the ledger."""

    @property
    def engine(self) -> Engine:
        """Connect to it."""
        ...


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said of a decision afterwards.

    Attributes
    ----------
    number
        Rises with each feedback.
    at
        When it was given: seconds since 1970, UTC.
    label
        The true class, if it was told.
    wrong
        Whether that is another class than the network's; None where none was told.
    useful
        Whether the explanation was, if that was told.
    note
        Whatever else was said.

    """

    number: int
    at: float
    label: str | None
    wrong: bool | None
    useful: bool | None
    note: str | None


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """A decision as the ledger holds it.

    Attributes
    ----------
    seq
        Rises in the order in which decisions were written.
    decision
        The row; what came out of `search` holds neither the reply nor what is kept.
    feedback
        All that was said of it, the newest last.

    """

    seq: int
    decision: Decision
    feedback: tuple[Feedback, ...] = ()


def read(ledger: Opened, name: str, tenant: str | None) -> Stored | None:
    """Find one decision.

    Parameters
    ----------
    ledger
        Where it was recorded.
    name
        The reply's id; else what the client called the request, where the newest counts.
    tenant
        Whose decisions are looked at; None for everybody's.

    """
    with ledger.engine.connect() as connection:
        row = locate(connection, _WHOLE, name, tenant)
        return None if row is None else assemble(connection, [row])[0]


def locate(
    connection: Connection, wanted: Select[Any], name: str, tenant: str | None
) -> Row[Any] | None:
    """Find the row of one decision by the reply's id, else by the client's; see `read`."""
    if "\x00" in name:  # no name holds one, and PostgreSQL refuses to compare it
        return None
    if tenant is not None:
        wanted = wanted.where(DECISION.c.tenant == tenant)
    row = connection.execute(wanted.where(DECISION.c.id == name)).one_or_none()
    if row is not None:
        return row
    by_client = wanted.where(DECISION.c.client_id == name).order_by(DECISION.c.seq.desc()).limit(1)
    return connection.execute(by_client).one_or_none()


def assemble(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Stored, ...]:
    """Make decisions of rows, with the names of what they cited, and feedback."""
    numbers = [read_numbers(row.cited, row.id) for row in rows]
    names = _names(connection, sorted({number for found in numbers for number in found}))
    feedback = _feedback(connection, [row.id for row in rows])
    return tuple(
        Stored(
            row.seq,
            _decision(row, tuple(names[number] for number in found if number in names)),
            tuple(feedback.get(row.id, ())),
        )
        for row, found in zip(rows, numbers, strict=True)
    )


def _decision(row: Row[Any], cited: tuple[Citation, ...]) -> Decision:
    found = row._asdict()
    fields = {name: value for name, value in found.items() if name in _FIELDS}
    kind, data = found.get("kind"), found.get("data")
    return Decision(
        **{
            **fields,
            "cited": cited,
            "reply": found.get("body"),
            "kept": None if kind is None or data is None else Kept(kind, data),
        }
    )


def _names(connection: Connection, numbers: Sequence[int]) -> dict[int, Citation]:
    """Look up what was cited, as one row: between rows another thread may take over."""
    lite = connection.dialect.name == "sqlite"
    together = func.json_group_array if lite else func.json_agg
    one = func.json_array if lite else func.json_build_array
    told = together(one(CITED.c.number, CITED.c.kind, CITED.c.key))
    found: dict[int, Citation] = {}
    for some in _chunks(numbers):
        text = connection.execute(
            select(cast(told, Text)).where(CITED.c.number.in_(some))
        ).scalar_one()
        found |= {number: (kind, key) for number, kind, key in orjson.loads(text or "[]")}
    return found


def _feedback(connection: Connection, ids: Sequence[str]) -> dict[str, list[Feedback]]:
    found: dict[str, list[Feedback]] = {}
    table = FEEDBACK.c
    told = (table.number, table.at, table.label, table.wrong, table.useful, table.note)
    for some in _chunks(ids):
        asked = select(table.id, *told).where(table.id.in_(some)).order_by(table.number)
        for name, *values in connection.execute(asked):
            found.setdefault(name, []).append(Feedback(*values))
    return found


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
