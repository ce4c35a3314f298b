"""Decisions in the order of an export, a batch at a time."""

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any, Final, final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from reasoned.audit.chain import Row as Record
from reasoned.audit.chain import moment
from reasoned.audit.manifest import Asked, Earlier
from reasoned.ledger.reading import Opened, Stored, assemble
from reasoned.ledger.tables import DECISION, KEPT, REPLY

AT_ONCE: Final = 2_000
_ROW: Final = DECISION.c
# Fields of a decision that a record holds as they are.
_PLAIN: Final = (
    "id",
    "tenant",
    "client_id",
    "trace_id",
    "model",
    "options",
    "disclosure",
    "predicted",
    "label",
    "confidence",
    "status",
    "carrier",
    "agrees",
    "first",
    "outside",
    "disagreeing",
    "nearest",
    "image_sha256",
    "decode_us",
    "infer_us",
    "neighbours_us",
    "explain_us",
    "sampled",
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are exported.

    Attributes
    ----------
    asked
        What was asked for.
    after
        The export that this one goes on from.
    top
        The newest row when the export began; later ones belong to the next.

    """

    asked: Asked
    after: Earlier | None
    top: int

    def conditions(self) -> list[ColumnElement[bool]]:
        """Say it to a database.

        The number is hidden from SQLite's planner, which would else sort by the time.
        """
        asked, after = self.asked, self.after
        found = [_ROW.seq + 0 <= self.top]
        if asked.since is not None:
            found.append(_ROW.at >= asked.since.timestamp())
        if asked.until is not None:
            found.append(_ROW.at < asked.until.timestamp())
        if asked.tenant is not None:
            found.append(_ROW.tenant == asked.tenant)
        if after is not None:
            # What came after by time where there was an end to it; by number otherwise.
            at = None if after.until is None else _ROW.at >= after.until.timestamp()
            found.append(_ROW.seq + 0 > after.last_seq if at is None else at)
        return found


def newest(ledger: Opened) -> int:
    """Give the number of the newest decision; 0 where there is none."""
    with ledger.engine.connect() as connection:
        found: int | None = connection.execute(select(func.max(_ROW.seq))).scalar_one()
    return found or 0


def count(ledger: Opened, wanted: Wanted) -> int:
    """Count the rows that will be exported."""
    with ledger.engine.connect() as connection:
        asked = select(func.count()).select_from(DECISION).where(*wanted.conditions())
        found: int = connection.execute(asked).scalar_one()
    return found


def batches(ledger: Opened, wanted: Wanted, *, at_once: int = AT_ONCE) -> Iterator[list[Record]]:
    """Give all rows by time, without their numbers and links, so many at a time."""
    last: Row[Any] | None = None
    with ledger.engine.connect() as connection:
        while True:
            rows = connection.execute(statement(wanted, last).limit(at_once)).all()
            if not rows:
                return
            yield _records(connection, wanted.asked, rows)
            last = rows[-1]
            connection.rollback()  # a long reading keeps SQLite from tidying up


def statement(wanted: Wanted, last: Row[Any] | None) -> Select[Any]:
    """Select what follows a row."""
    found = (
        select(DECISION, REPLY.c.body, KEPT.c.kind.label("kept_kind"))
        .select_from(DECISION)
        .outerjoin(REPLY, REPLY.c.seq == _ROW.seq)
        .outerjoin(KEPT, KEPT.c.seq == _ROW.seq)
        .where(*wanted.conditions())
        .order_by(_ROW.at, _ROW.seq)
    )
    return found if last is None else found.where(tuple_(_ROW.at, _ROW.seq) > (last.at, last.seq))


def _records(connection: Connection, asked: Asked, rows: Any) -> list[Record]:  # noqa: ANN401  a sequence that SQLAlchemy does not name
    stored = assemble(connection, rows)
    return [
        _record(one, row.kept_kind, replies=asked.replies)
        for one, row in zip(stored, rows, strict=True)
    ]


def _record(stored: Stored, kept: str | None, *, replies: bool) -> Record:
    decision = stored.decision
    reply = decision.reply
    return {
        "seq": stored.seq,
        "at": moment(decision.at),
        **{name: getattr(decision, name) for name in _PLAIN},
        "cited": [{"kind": kind, "key": key} for kind, key in decision.cited],
        "kept": kept,
        "reply_sha256": None if reply is None else hashlib.sha256(reply).hexdigest(),
        "reply": reply if replies else None,
        "feedback": [
            {
                "at": moment(said.at),
                "label": said.label,
                "wrong": said.wrong,
                "useful": said.useful,
                "note": said.note,
            }
            for said in stored.feedback
        ],
    }
