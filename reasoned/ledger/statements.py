"""The statements that SQLite and PostgreSQL do not share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from explainers.evidence import Citation

Row = tuple[Any, ...]


class Statements(ABC):
    """What writing and deleting asks of a database: one statement for many rows.

    Python's `sqlite3` lets go of the interpreter at each step, and a busy event loop gives it
    back after five milliseconds: a statement for each row would take a second for two hundred.
    """

    @abstractmethod
    def begin(self, connection: Connection) -> None:
        """Begin a transaction that nobody else writes beside."""

    @abstractmethod
    def number(self, connection: Connection, names: Sequence[Citation]) -> dict[Citation, int]:
        """Give a number to each name that has none, and tell those of all."""

    @abstractmethod
    def known(self, connection: Connection, ids: Sequence[str]) -> set[str]:
        """Say which of these decisions are written already."""

    @abstractmethod
    def insert_decisions(
        self, connection: Connection, columns: Sequence[str], rows: Sequence[Row]
    ) -> int:
        """Write decisions, but none whose id is there already; say how many were written."""

    @abstractmethod
    def insert_citations(self, connection: Connection, first: int, last: int) -> None:
        """Write the citations of the decisions between two."""

    @abstractmethod
    def insert_bytes(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Write rows of which the last column is bytes, and the ones before are short."""

    @abstractmethod
    def delete(self, connection: Connection, seqs: Sequence[int]) -> None:
        """Delete decisions with all that hangs on them, but what `decision` itself holds."""
