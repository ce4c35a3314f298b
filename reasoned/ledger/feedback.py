"""What somebody says of a decision afterwards, into the ledger."""

from typing import Any, Final, Self, final

from pydantic import StrictBool, model_validator
from sqlalchemy import Connection, Row, func, insert, select, update

from reasoned.errors import FeedbackError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import Feedback, locate
from reasoned.ledger.tables import DECISION, FEEDBACK
from reasoned.ledger.tally import count
from reasoned.ledger.word import Note, Word
from reasoned.reply.bodies import Frozen

_WANTED = (DECISION.c.seq, DECISION.c.id, DECISION.c.tenant, DECISION.c.model, DECISION.c.label)
MOST: Final = 20  # of one decision: more would be a way to fill the disk
# What a row takes in a SQLite file with its index, but for texts; as measured.
_ROW_BYTES: Final = 170
_INSERT = insert(FEEDBACK).returning(FEEDBACK.c.number)


@final
class GivenFeedback(Frozen):
    """What is said of a decision: at least one of the three.

    `label` is the true class, `useful` whether the explanation was of use, and `note` what
    else there is to say.
    """

    label: Word | None = None
    useful: StrictBool | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.label is None and self.useful is None and self.note is None:
            raise ValueError("wanted at least one of label, useful and note")
        return self


def give(
    ledger: Ledger, name: str, tenant: str | None, given: GivenFeedback, at: float
) -> Feedback | None:
    """Add feedback to what was said of a decision before; of several, the newest counts.

    Parameters
    ----------
    ledger
        Where the decision was recorded.
    name
        The reply's id; else what the client called the request, where the newest counts.
    tenant
        Whose decisions are looked at; None for everybody's.
    given
        What is said.
    at
        When: seconds since 1970, UTC.

    Returns
    -------
    :
        What was written; None where there is no such decision.

    Raises
    ------
    FeedbackError
        When as much was said of the decision as it takes.

    """
    with ledger.writing() as connection:
        row = locate(connection, select(*_WANTED), name, tenant)
        if row is None:
            return None
        _check(connection, row.id)
        values = _values(row, given, at)
        number: int = connection.execute(_INSERT, values).scalar_one()
        _weigh(connection, row.seq, values)
    return Feedback(number, at, given.label, values["wrong"], given.useful, given.note)


def _values(row: Row[Any], given: GivenFeedback, at: float) -> dict[str, Any]:
    return {
        "id": row.id,
        "seq": row.seq,
        "tenant": row.tenant,
        "model": row.model,
        "at": at,
        "label": given.label,
        "wrong": None if given.label is None else given.label != row.label,
        "useful": given.useful,
        "note": given.note,
    }


def _check(connection: Connection, name: str) -> None:
    """Count what was said already; nobody else writes in this transaction."""
    told = select(func.count()).where(FEEDBACK.c.id == name)
    if connection.execute(told).scalar_one() >= MOST:
        raise FeedbackError(
            f"wanted at most {MOST} feedbacks on one decision, and {name} has as many; "
            "of several labels the newest counts, and what was said stays"
        )


def _weigh(connection: Connection, seq: int, values: dict[str, Any]) -> None:
    """Count the bytes to the decision's, with which retention deletes them."""
    texts = (values[name] or "" for name in ("tenant", "label", "note"))
    size = _ROW_BYTES + sum(len(text.encode()) for text in texts) * 5 // 4  # pages are not full
    column = DECISION.c.size
    connection.execute(update(DECISION).where(DECISION.c.seq == seq).values(size=column + size))
    count(connection, 0, size)
