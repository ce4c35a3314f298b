"""Rows of the ledger as detectors count them, many in one result."""

import dataclasses
import functools
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final, Self, final

import numpy as np
import orjson
from sqlalchemy import Connection, TextClause, text

from explainers.arrays import DoubleArray, IntArray
from reasoned.drift.citations import CitedPlaces
from reasoned.drift.signals import Requests
from reasoned.ledger.legible import listed

# Python's sqlite3 lets other threads run at every row, and waits for them again: one row holds all.
# Its JSON has 15 digits of a number, but no two numbers may become one: the state would differ.
_GATHER: Final = {
    "sqlite": (
        "json_group_array(json_array({}))",
        "json(CASE WHEN {0} IS NULL THEN 'null' ELSE printf('%!.18g', {0}) END)",
        f"json({listed('sqlite', 'cited')})",
    ),
    "postgresql": (
        "json_agg(json_build_array({}))",
        "{}",
        f"CAST({listed('postgresql', 'cited')} AS json)",
    ),
}
_READ: Final = "seq, tenant, predicted, confidence, agrees, outside, nearest, options, cited"
_COUNTS: Final = "model = :model AND sampled AND status IS NOT NULL"
_SCANNED: Final = "WHERE seq > :after ORDER BY seq LIMIT :most"
_LATEST: Final = f"WHERE {_COUNTS} AND seq <= :until ORDER BY seq DESC LIMIT :most"
_EVER: Final = 2**62
_COLUMNS: Final = 9
_MOST: Final = 2**26  # there is a place for each number


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Rows:
    """Decisions that count, in order.

    Attributes
    ----------
    seqs
        Shape (requests). Their places in the ledger.
    tenants
        Whose they were.
    requests
        What is known of them.

    """

    seqs: IntArray
    tenants: tuple[str, ...]
    requests: Requests

    def __len__(self) -> int:
        return len(self.seqs)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Scanned:
    """What was found behind a place in the ledger.

    Attributes
    ----------
    last
        The place of the last row that was looked at, whosever it was.
    looked
        How many were looked at.
    rows
        Those of them that count.

    """

    last: int
    looked: int
    rows: Rows


def scan(connection: Connection, model: str, places: CitedPlaces, after: int, most: int) -> Scanned:
    """Look at the rows behind a place, in order.

    Only such rows count as are of the model, part of the even sample, explained, and asked for as
    the reference was measured: a trace of all methods, without a deadline. Of a row without a
    status nothing is counted, but it is passed; so is one that cannot be read any more.
    """
    asked = {"model": model, "after": after, "most": most}
    statement = _gathered(connection.dialect.name, _SCANNED)
    last, looked, rows = connection.execute(statement, asked).one()
    return Scanned(last or after, looked, _rows(connection, rows, places))


def latest(
    connection: Connection, model: str, places: CitedPlaces, until: int | None, most: int
) -> Rows:
    """Give the last rows that count, up to and with a place, in order; see `scan`."""
    asked = {"model": model, "until": _EVER if until is None else until, "most": most}
    statement = _gathered(connection.dialect.name, _LATEST)
    _, _, rows = connection.execute(statement, asked).one()
    return _rows(connection, rows, places)


@functools.cache
def _gathered(dialect: str, which: str) -> TextClause:
    """Write the query once: to build it anew takes longer than to count a hundred rows."""
    gathered, number, cited = _GATHER[dialect]
    confidence, nearest = (number.format(name) for name in ("confidence", "nearest"))
    columns = gathered.format(
        f"seq, tenant, predicted, {confidence}, agrees, outside, {nearest}, options, {cited}"
    )
    return text(
        f"SELECT max(seq), count(*), CAST({columns} FILTER (WHERE {_COUNTS}) AS text) "  # noqa: S608  of constants
        f"FROM (SELECT {_READ}, model, sampled, status FROM decision {which}) AS found"
    )


def _rows(connection: Connection, rows: str | None, places: CitedPlaces) -> Rows:
    found = [row for row in orjson.loads(rows or "[]") if is_default(row[7]) and _whole(row[8])]
    found.sort(key=_first)  # the order within an aggregate is not promised
    columns = _Columns.of(found)
    counts = np.array([len(numbers) for numbers in columns.cited], np.int64)
    cited = np.fromiter(chain.from_iterable(columns.cited), np.int64, int(counts.sum()))
    requests = Requests(
        predicted=np.array(columns.predicted, np.int64),
        confidence=_doubles(columns.confidence),
        agrees=_doubles(columns.agrees),
        outside=_doubles(columns.outside),
        nearest=_doubles(columns.nearest),
        cited=places.of(connection, cited),
        counts=counts,
    )
    return Rows(np.array(columns.seq, np.int64), tuple(columns.tenant), requests)


def _first(row: list[Any]) -> int:
    return int(row[0])


def _whole(cited: object) -> bool:
    """Tell whether what was cited is a list of numbers, which changed by hand it may not be."""
    return isinstance(cited, list) and all(type(one) is int and 0 < one < _MOST for one in cited)


def _doubles(values: Sequence[float | None]) -> DoubleArray:
    return np.array(values, np.float64)  # None becomes NaN


@final
@dataclasses.dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of what was read, in their order."""

    seq: Sequence[int]
    tenant: Sequence[str]
    predicted: Sequence[int]
    confidence: Sequence[float | None]
    agrees: Sequence[float | None]
    outside: Sequence[float | None]
    nearest: Sequence[float | None]
    options: Sequence[str]
    cited: Sequence[list[int]]

    @classmethod
    def of(cls, rows: list[list[Any]]) -> Self:
        return cls(*(zip(*rows, strict=True) if rows else [()] * _COLUMNS))


@functools.lru_cache(maxsize=1024)
def is_default(options: str) -> bool:
    """Tell whether an answer was asked for as the reference was measured.

    Under a deadline methods may be left out, and what they would have cited is missing.
    """
    try:
        asked = orjson.loads(options)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(asked, dict):
        return False
    left_out = asked.get("methods") is not None or asked.get("deadline_ms") is not None
    return asked.get("explain") == "trace" and not left_out
