"""How SQLite is written to."""

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import Final, final

import orjson
from sqlalchemy import Connection, Table

from explainers.evidence import Citation
from reasoned.ledger.citing import SHIFT
from reasoned.ledger.legible import listed
from reasoned.ledger.statements import Row, Statements

_MOST: Final = 128  # rows of one statement: its parameters stay far below SQLite's limit
_NUMBER: Final = """
INSERT INTO cited (kind, key)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) WHERE true
ON CONFLICT DO NOTHING
"""
_NUMBERS: Final = """
SELECT json_group_array(json_array(cited.kind, cited.key, cited.number))
FROM json_each(?) AS asked CROSS JOIN cited
ON cited.kind = json_extract(asked.value, '$[0]') AND cited.key = json_extract(asked.value, '$[1]')
"""
_KNOWN: Final = """
SELECT json_group_array(id) FROM decision WHERE id IN (SELECT value FROM json_each(?))
"""
# In the order of the index, so that each of its pages is changed once. By the number alone: for
# that order SQLite would read all of `decision` by the index of images.
_CITE: Final = f"""
INSERT INTO citation (block, cited, seq)
SELECT decision.seq >> {SHIFT}, json_each.value, decision.seq
FROM decision NOT INDEXED CROSS JOIN json_each(decision.cited)
WHERE decision.seq BETWEEN ? AND ? ORDER BY 1, 2, 3
"""  # noqa: S608  a constant
_UNCITE: Final = f"""
DELETE FROM citation WHERE (block, cited, seq) IN (
  SELECT decision.seq >> {SHIFT}, told.value, decision.seq
  FROM json_each(?) AS gone CROSS JOIN decision ON decision.seq = gone.value
  CROSS JOIN json_each({listed("sqlite", "decision.cited")}) AS told
)
"""  # noqa: S608  a constant
_UNTELL: Final = """
DELETE FROM feedback WHERE id IN (
  SELECT decision.id FROM json_each(?) AS gone CROSS JOIN decision ON decision.seq = gone.value
)
"""


@final
class SqliteStatements(Statements):
    """One statement for at most 128 rows."""

    def begin(self, connection: Connection) -> None:
        """Take the lock at once: a transaction that reads first may find it gone."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def number(self, connection: Connection, names: Sequence[Citation]) -> dict[Citation, int]:
        """Give a number to each name that has none, and tell those of all."""
        asked = (orjson.dumps(names).decode(),)
        connection.exec_driver_sql(_NUMBER, asked)
        found = connection.exec_driver_sql(_NUMBERS, asked).scalar_one()
        return {(kind, key): number for kind, key, number in orjson.loads(found)}

    def known(self, connection: Connection, ids: Sequence[str]) -> set[str]:
        """Say which of these decisions are written already."""
        asked = (orjson.dumps(ids).decode(),)
        return set(orjson.loads(connection.exec_driver_sql(_KNOWN, asked).scalar_one()))

    def insert_decisions(
        self, connection: Connection, columns: Sequence[str], rows: Sequence[Row]
    ) -> int:
        """Write decisions, but none whose id is there already; say how many were written.

        Values are handed over as they are: SQLite would read a number out of JSON with an
        error in the last digit on some machines.
        """
        written = 0
        for some in _parts(rows):
            insert = _insert("decision", tuple(columns), len(some))
            told = connection.exec_driver_sql(
                insert + " ON CONFLICT (id) DO NOTHING", tuple(itertools.chain.from_iterable(some))
            )
            written += told.rowcount
        return written

    def insert_citations(self, connection: Connection, first: int, last: int) -> None:
        """Write the citations of the decisions between two."""
        connection.exec_driver_sql(_CITE, (first, last))

    def insert_bytes(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Write rows of which the last column is bytes, and the ones before are short."""
        columns = tuple(table.columns.keys())
        for some in _parts(rows):
            insert = _insert(table.name, columns, len(some))
            connection.exec_driver_sql(insert, tuple(itertools.chain.from_iterable(some)))

    def delete(self, connection: Connection, seqs: Sequence[int]) -> None:
        """Delete decisions with all that hangs on them."""
        gone = (orjson.dumps(seqs).decode(),)
        connection.exec_driver_sql(_UNCITE, gone)
        connection.exec_driver_sql(_UNTELL, gone)
        for table in ("reply", "kept", "decision"):
            connection.exec_driver_sql(
                f"DELETE FROM {table} WHERE seq IN (SELECT value FROM json_each(?))",  # noqa: S608  three words from the line above
                gone,
            )


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Part rows into powers of two, so that few different statements are prepared."""
    start, size = 0, _MOST
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        yield rows[start : start + size]
        start += size


@functools.cache
def _insert(table: str, columns: tuple[str, ...], rows: int) -> str:
    one = f"({', '.join('?' * len(columns))})"
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * rows)}"  # noqa: S608  names of our own columns
