"""The ledger: what was answered, in a database."""

import contextlib
import logging
import operator
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self, final

import orjson
from sqlalchemy import Connection, Engine

from reasoned.ledger.address import address_shown, address_url
from reasoned.ledger.decision import Decision
from reasoned.ledger.engine import Dialect, connect, dialect_of
from reasoned.ledger.names import Names
from reasoned.ledger.own_file import OwnFile
from reasoned.ledger.postgres_statements import PostgresStatements
from reasoned.ledger.schema import bring_up
from reasoned.ledger.sqlite_statements import SqliteStatements
from reasoned.ledger.statements import Row, Statements
from reasoned.ledger.tables import DECISION, KEPT, REPLY
from reasoned.ledger.tally import Size, count, held, last_seq

_LOGGER: Final = logging.getLogger("reasoned.ledger")
_STATEMENTS: Final[dict[Dialect, type[Statements]]] = {
    "sqlite": SqliteStatements,
    "postgresql": PostgresStatements,
}
_MADE: Final = ("seq", "cited", "size")  # columns that are no field of a decision
_FIELDS: Final = tuple(str(name) for name in DECISION.columns.keys() if name not in _MADE)  # noqa: SIM118  a collection of columns yields columns
_COLUMNS: Final = (*_FIELDS, *_MADE)
_fields_of: Final = operator.attrgetter(*_FIELDS)
# What a row and a citation take in a SQLite file with their indexes, as measured.
_ROW_BYTES: Final = 580
_CITATION_BYTES: Final = 16


class _TwiceError(Exception):
    """Some decision's id is written already."""


@final
class Ledger:
    """A database of decisions; safe to use from several threads and processes at a time.

    Nothing of it may be carried over a fork: open it in the process that uses it.

    Attributes
    ----------
    engine
        Connects to the database.
    dialect
        The kind of the database.
    generation
        How often another file was found in place of the ledger's own; the numbers of what was
        read before mean nothing after.

    """

    def __init__(self, engine: Engine, file: OwnFile | None, *, replies: bool) -> None:
        self.engine: Final = engine
        self.dialect: Final = dialect_of(engine.url)
        self.generation = 0
        self._file = file
        self._lost = False
        self.statements: Final = _STATEMENTS[self.dialect]()
        self._replies = replies
        self._names = Names(self.statements)

    @classmethod
    def open(cls, address: str, *, replies: bool = True) -> Self:
        """Open a ledger; make it where there is none, and bring an older one up to date.

        Parameters
        ----------
        address
            The path of a SQLite file, ``sqlite:///FILE`` or ``postgresql://...``.
        replies
            Whether the bytes of replies are written.

        Raises
        ------
        LedgerError
            When the address is none, or there is something else than a ledger.

        """
        url = address_url(address)
        file = OwnFile(Path(str(url.database))) if dialect_of(url) == "sqlite" else None
        ledger = cls(connect(url), file, replies=replies)
        try:
            ledger._bring_up()
        except BaseException:
            ledger.close()
            raise
        return ledger

    def look(self) -> None:
        """Go on in a new file where the ledger's own was deleted or replaced under it.

        Call it in the thread that writes, before it writes: else every further row would go
        into a file that nobody finds. It costs some microseconds.

        Raises
        ------
        LedgerError
            When there is no file that rows can go into.

        """
        if self._file is None or not self._file.is_lost():
            return
        if not self._lost:
            self._lost = True
            _LOGGER.error(
                "the ledger %s was deleted or replaced while it was open; what was in it is gone, "
                "and further rows go into the file that is there now",
                self._file.path,
            )
        self._bring_up()
        self._names.forget()
        self.generation += 1
        self._lost = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that nobody writes beside; commit at the end."""
        with self.engine.connect() as connection:
            self.statements.begin(connection)
            yield connection
            connection.commit()

    def write(self, decisions: Sequence[Decision]) -> None:
        """Write decisions in one transaction; one whose id is there already is left out."""
        first: dict[str, Decision] = {}
        for decision in decisions:
            first.setdefault(decision.id, decision)
        if not first:
            return
        try:
            self._write(list(first.values()))
        except _TwiceError:
            with self.engine.connect() as connection:
                known = self.statements.known(connection, list(first))
            self.write([decision for name, decision in first.items() if name not in known])

    def size(self) -> Size:
        """Say how much is held; read from one row."""
        with self.engine.connect() as connection:
            return held(connection)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _bring_up(self) -> None:
        # Marked before: what is put there meanwhile is found to be another at the next look.
        mark = None if self._file is None else self._file.make()
        self.engine.dispose()
        bring_up(self.engine, address_shown(self.engine.url))
        if self._file is not None:
            self._file.know(mark)

    def _write(self, decisions: list[Decision]) -> None:
        with self.writing() as connection:
            last = last_seq(connection)
            cited, new = self._names.numbers(connection, [d.cited for d in decisions])
            rows = [
                self._row(decision, numbers, last + i)
                for i, (decision, numbers) in enumerate(zip(decisions, cited, strict=True), start=1)
            ]
            if self.statements.insert_decisions(connection, _COLUMNS, rows) < len(rows):
                raise _TwiceError
            self.statements.insert_citations(connection, last + 1, last + len(rows))
            self._write_bytes(connection, decisions, last)
            count(connection, len(rows), sum(row[-1] for row in rows))
        self._names.keep(new)

    def _write_bytes(self, connection: Connection, decisions: list[Decision], last: int) -> None:
        counted = list(enumerate(decisions, start=last + 1))
        replies = [(seq, d.reply) for seq, d in counted if self._replies and d.reply is not None]
        if replies:
            self.statements.insert_bytes(connection, REPLY, replies)
        kept = [(seq, d.kept.kind, d.kept.data) for seq, d in counted if d.kept is not None]
        if kept:
            self.statements.insert_bytes(connection, KEPT, kept)

    def _row(self, decision: Decision, cited: list[int], seq: int) -> Row:
        size = _ROW_BYTES + _CITATION_BYTES * len(cited)
        if self._replies and decision.reply is not None:
            size += _stored(decision.reply)
        if decision.kept is not None:
            size += _stored(decision.kept.data)
        return (*_fields_of(decision), seq, orjson.dumps(cited).decode(), size)


def _stored(data: bytes) -> int:
    """Say what bytes take in a file, whose pages they do not fill."""
    return len(data) * 9 // 8
