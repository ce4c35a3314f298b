"""Decisions by what is known of them, a page at a time, the newest first."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final, final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    exists,
    false,
    func,
    select,
    true,
    tuple_,
)

from explainers.evidence import Citation
from reasoned.ledger.citing import windows
from reasoned.ledger.paging import Place, place_of
from reasoned.ledger.query import Query, Said
from reasoned.ledger.reading import Opened, Stored, assemble
from reasoned.ledger.tables import BLOCK, CITATION, CITED, DECISION, FEEDBACK

Condition = ColumnElement[bool]
_ROW: Final = DECISION.c


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some of the decisions that were looked for.

    Attributes
    ----------
    rows
        The newest first, without replies and kept images: by the time at which they were
        answered, or, of those that cited something or are of one image, in the order of
        writing.
    cursor
        Asks for the next page; None after the last.

    """

    rows: tuple[Stored, ...]
    cursor: str | None


def search(ledger: Opened, query: Query) -> Page:
    """Find one page of decisions.

    All pages of a query show what was there when the first was read, each row once; rows
    that are deleted meanwhile are left out.

    Raises
    ------
    OptionsError
        When the query's cursor is not one of its own.

    """
    place = place_of(query)
    with ledger.engine.connect() as connection:
        ends = _ends(connection)
        if ends is None:
            return Page((), None)
        place = place or Place.first(ends[1])
        rows = _found(connection, query, place, ends[0])
        stored = assemble(connection, rows[: query.limit])
    if len(rows) <= query.limit:
        return Page(stored, None)
    last = rows[query.limit - 1]
    return Page(stored, place.after(last.at, last.seq).cursor(query))


def by_time(query: Query, place: Place) -> Select[Any]:
    """Give the statement that finds decisions from a place on, by the time of the answer.

    One index leads, whatever else is asked for: that of the decisions that feedback came to,
    of the client's names, or of the time. SQLite's planner knows no figures of the tables, so a
    column that must not lead is hidden from it by an operation that changes nothing.
    """
    few = query.feedback not in (None, "none")
    return (
        select(DECISION)
        .where(*_plain(query), *_said(query.feedback), *_whose(query, hidden=few))
        .where(_ROW.seq + 0 <= place.top)
        .where(tuple_(_ROW.at, _ROW.seq) < tuple_(place.at, place.seq))
        .order_by(_ROW.at.desc(), _ROW.seq.desc())
    )


def by_citation(query: Query, place: Place, number: int, blocks: range) -> Select[Any]:
    """Give the statement that finds, in some blocks, what cited the citation of a number."""
    return (
        select(DECISION)
        .join_from(CITATION, DECISION, _ROW.seq == CITATION.c.seq)
        .where(CITATION.c.block.in_(blocks), CITATION.c.cited == number)
        .where(CITATION.c.seq < place.seq)
        .where(*_plain(query), *_said(query.feedback), *_whose(query, hidden=True))
        .order_by(CITATION.c.seq.desc())
    )


def by_image(query: Query, place: Place, blocks: range) -> Select[Any]:
    """Give the statement that finds, in some blocks, what is of the query's image."""
    return (
        select(DECISION)
        .where(BLOCK.in_(blocks), _ROW.seq < place.seq)
        .where(*_plain(query), *_said(query.feedback), *_whose(query, hidden=True))
        .order_by(_ROW.seq.desc())
    )


def _found(connection: Connection, query: Query, place: Place, oldest: int) -> Sequence[Row[Any]]:
    """Find the rows of a page, and one more where another page follows."""
    wanted = query.limit + 1
    if query.cited is None and query.image_sha256 is None:
        return connection.execute(by_time(query, place).limit(wanted)).all()
    number = None if query.cited is None else _number(connection, query.cited)
    found: list[Row[Any]] = []
    if query.cited is not None and number is None:
        return found
    for blocks in windows(min(place.seq, place.top), oldest):
        part = by_image(query, place, blocks)
        if number is not None:
            part = by_citation(query, place, number, blocks)
        found.extend(connection.execute(part.limit(wanted - len(found))))
        if len(found) == wanted:
            break
    return found


def _whose(query: Query, *, hidden: bool) -> list[Condition]:
    """Give the conditions on whose it is; what a client called it is rarer than a tenant."""
    client, tenant = query.client_id, query.tenant
    found: list[Condition] = []
    if client is not None:
        found.append((_ROW.client_id.concat("") if hidden else _ROW.client_id) == client)
    if tenant is not None:
        hidden = hidden or client is not None
        found.append((_ROW.tenant.concat("") if hidden else _ROW.tenant) == tenant)
    return found


def _plain(query: Query) -> list[Condition]:
    """Give the conditions on the columns of the row itself, but for whose it is."""
    equal = {
        _ROW.label: query.label,
        _ROW.status: query.status,
        _ROW.carrier: query.carrier,
        _ROW.first: query.first,
        _ROW.image_sha256: query.image_sha256,
    }
    found: list[Condition] = [column == value for column, value in equal.items() if value]
    if query.agrees is not None:
        found.append(_ROW.agrees == (true() if query.agrees else false()))
    if query.model is not None:
        found.append(_ROW.model.startswith(query.model))
    if query.since is not None:
        found.append(_ROW.at >= query.since.timestamp())
    if query.until is not None:
        found.append(_ROW.at < query.until.timestamp())
    return found


def _said(wanted: Said | None) -> list[Condition]:
    """Give the conditions on the feedback; of several labels the newest counts."""
    if wanted is None:
        return []
    if wanted == "none":
        return [~exists().where(FEEDBACK.c.id == _ROW.id)]
    told = select(FEEDBACK.c.seq)
    if wanted != "any":
        later = FEEDBACK.alias("later")
        newest = select(func.max(later.c.number)).where(
            later.c.id == FEEDBACK.c.id, later.c.label.is_not(None)
        )
        told = told.where(
            FEEDBACK.c.wrong == (true() if wanted == "wrong" else false()),
            FEEDBACK.c.number == newest.scalar_subquery(),
        )
    return [_ROW.seq.in_(told)]


def _ends(connection: Connection) -> tuple[int, int] | None:
    """Give the oldest and the newest decision."""
    low, high = (select(end(_ROW.seq)).scalar_subquery() for end in (func.min, func.max))
    oldest, newest = connection.execute(select(low, high)).one()
    return None if newest is None else (oldest, newest)


def _number(connection: Connection, citation: Citation) -> int | None:
    kind, key = citation
    asked = select(CITED.c.number).where(CITED.c.kind == kind, CITED.c.key == key)
    found: int | None = connection.execute(asked).scalar_one_or_none()
    return found
