"""How PostgreSQL is written to."""

import functools
import itertools
from collections.abc import Sequence
from typing import Final, final

import orjson
from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql

from explainers.evidence import Citation
from reasoned.ledger.citing import SHIFT
from reasoned.ledger.legible import listed
from reasoned.ledger.statements import Row, Statements
from reasoned.ledger.tables import METADATA

_BEGIN: Final = text("SELECT seq FROM tally WHERE number = 1 FOR UPDATE")
_NAMES: Final = "json_to_recordset(CAST(:names AS json)) AS asked(kind text, key text)"
_NUMBER: Final = text(
    f"INSERT INTO cited (kind, key) SELECT kind, key FROM {_NAMES} ON CONFLICT DO NOTHING"  # noqa: S608  two constants
)
_NUMBERS: Final = text(
    f"SELECT CAST(json_agg(json_build_array(kind, key, number)) AS text) "  # noqa: S608  two constants
    f"FROM cited JOIN {_NAMES} USING (kind, key)"
)
_KNOWN: Final = text(
    "SELECT CAST(coalesce(json_agg(id), '[]') AS text) FROM decision "
    "WHERE id IN (SELECT json_array_elements_text(CAST(:ids AS json)))"
)
_TOLD: Final = "json_array_elements_text(CAST(decision.cited AS json)) AS told(number)"
_STILL: Final = _TOLD.replace("decision.cited", listed("postgresql", "decision.cited"))
_CITE: Final = text(
    "INSERT INTO citation (block, cited, seq) "  # noqa: S608  two constants
    f"SELECT decision.seq >> {SHIFT}, CAST(told.number AS bigint), decision.seq "
    f"FROM decision CROSS JOIN {_TOLD} WHERE decision.seq BETWEEN :first AND :last ORDER BY 1, 2, 3"
)
_GONE: Final = "SELECT CAST(json_array_elements_text(CAST(:gone AS json)) AS bigint)"
_UNCITE: Final = text(
    "DELETE FROM citation USING ("  # noqa: S608  constants
    f"SELECT decision.seq >> {SHIFT} AS block, CAST(told.number AS bigint) AS cited, decision.seq "
    f"FROM decision CROSS JOIN {_STILL} WHERE decision.seq IN ({_GONE})) AS old "
    "WHERE (citation.block, citation.cited, citation.seq) = (old.block, old.cited, old.seq)"
)
_UNTELL: Final = text(
    f"DELETE FROM feedback WHERE id IN (SELECT id FROM decision WHERE seq IN ({_GONE}))"  # noqa: S608  a constant
)
_DELETE: Final = tuple(
    text(f"DELETE FROM {table} WHERE seq IN ({_GONE})")  # noqa: S608  three words
    for table in ("reply", "kept", "decision")
)
# Without figures of a young table the planner would read all of it for each deletion.
_BY_INDEX: Final = text("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")


@final
class PostgresStatements(Statements):
    """One statement for all rows, which come as one JSON text, or as one run of bytes."""

    def begin(self, connection: Connection) -> None:
        """Lock the row that gives out numbers, which is let go at the commit."""
        connection.execute(_BEGIN)

    def number(self, connection: Connection, names: Sequence[Citation]) -> dict[Citation, int]:
        """Give a number to each name that has none, and tell those of all."""
        asked = {"names": _json([{"kind": kind, "key": key} for kind, key in names])}
        connection.execute(_NUMBER, asked)
        found = connection.execute(_NUMBERS, asked).scalar_one()
        return {(kind, key): number for kind, key, number in orjson.loads(found)}

    def known(self, connection: Connection, ids: Sequence[str]) -> set[str]:
        """Say which of these decisions are written already."""
        return set(orjson.loads(connection.execute(_KNOWN, {"ids": _json(ids)}).scalar_one()))

    def insert_decisions(
        self, connection: Connection, columns: Sequence[str], rows: Sequence[Row]
    ) -> int:
        """Write decisions, but none whose id is there already; say how many were written."""
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        insert = text(_insert(tuple(columns)))
        return connection.execute(insert, {"rows": _json(objects)}).rowcount

    def insert_citations(self, connection: Connection, first: int, last: int) -> None:
        """Write the citations of the decisions between two."""
        connection.execute(_CITE, {"first": first, "last": last})

    def insert_bytes(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Write rows of which the last column is bytes, and the ones before are short."""
        names = [str(name) for name in table.columns.keys()[:-1]]
        ends = list(itertools.accumulate(len(row[-1]) for row in rows))
        places = [
            {**dict(zip(names, row[:-1], strict=True)), "start": end - len(row[-1]) + 1, "end": end}
            for row, end in zip(rows, ends, strict=True)
        ]
        run = b"".join(row[-1] for row in rows)
        insert = text(_insert_bytes(table.name))
        connection.execute(insert, {"places": _json(places), "run": run})

    def delete(self, connection: Connection, seqs: Sequence[int]) -> None:
        """Delete decisions with all that hangs on them."""
        gone = {"gone": _json(seqs)}
        connection.execute(_BY_INDEX)
        for statement in (_UNCITE, _UNTELL, *_DELETE):
            connection.execute(statement, gone)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


@functools.cache
def _insert(columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return (
        f"INSERT INTO decision ({names}) SELECT {names} "  # noqa: S608  names of our own columns
        f"FROM json_to_recordset(CAST(:rows AS json)) AS rows({_typed('decision', columns)}) "
        "ON CONFLICT (id) DO NOTHING"
    )


@functools.cache
def _insert_bytes(table: str) -> str:
    *names, data = METADATA.tables[table].columns.keys()
    listed = ", ".join(names)
    return (
        f"INSERT INTO {table} ({listed}, {data}) SELECT {listed}, "  # noqa: S608  names of our own columns
        'substr(CAST(:run AS bytea), "start", "end" - "start" + 1) FROM json_to_recordset('
        f'CAST(:places AS json)) AS places({_typed(table, tuple(names))}, "start" int, "end" int)'
    )


def _typed(table: str, columns: Sequence[str]) -> str:
    """Declare columns by name and type."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    types = METADATA.tables[table].columns
    return ", ".join(f"{name} {types[name].type.compile(dialect)}" for name in columns)
