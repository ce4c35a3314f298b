"""A ledger's file: made small, and copied."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger


def vacuum(ledger: Ledger) -> None:
    """Give the disk back what deleted rows took."""
    with _apart(ledger) as connection:
        connection.execute(text("VACUUM"))
        if ledger.dialect == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def back_up(ledger: Ledger, file: Path) -> None:
    """Copy a SQLite ledger as it is at this moment, while others go on writing.

    Raises
    ------
    LedgerError
        When there is such a file, it cannot be written, or the ledger is in PostgreSQL.

    """
    if ledger.dialect != "sqlite":
        raise LedgerError("a ledger in PostgreSQL is copied by its own tool: pg_dump")
    if file.exists():
        raise LedgerError(f"{file} exists; name a new file")
    if not file.absolute().parent.is_dir():
        raise LedgerError(f"{file} cannot be written: there is no folder {file.absolute().parent}")
    # Replies may show what was sent: for nobody else on the machine.
    file.touch(mode=0o600, exist_ok=False)
    with _apart(ledger) as connection:
        connection.execute(text("VACUUM INTO :file"), {"file": str(file)})


@contextlib.contextmanager
def _apart(ledger: Ledger) -> Iterator[Connection]:
    """Give a connection outside of any transaction."""
    with ledger.engine.connect() as connection:
        # Whether the server is there was asked in a transaction, which is still open.
        connection.connection.rollback()
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
