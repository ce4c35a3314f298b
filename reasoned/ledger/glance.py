"""A quick look at a SQLite ledger, by the standard library alone.

The process that starts the workers looks before they do, and would wait a third of a second for
the libraries that open a ledger.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

from reasoned.errors import LedgerError
from reasoned.ledger.own_file import OwnFile


def glance(file: Path) -> None:
    """Refuse a file that no ledger can be kept in, as far as a look tells.

    Raises
    ------
    LedgerError
        When the file is something else, or cannot be written.

    """
    if not str(file).strip():
        raise LedgerError(_unwritable(file, "its name is blank"))
    # As root every folder looks writable: so it is tried, as it is when the ledger is opened.
    OwnFile(file.absolute()).make()
    if not file.is_file() or not os.access(file, os.W_OK):
        raise LedgerError(_unwritable(file, "it is not a file that can be written"))
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)
        ) as one:
            one.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger {file} cannot be used: {error}") from error


def _unwritable(file: Path, reason: str) -> str:
    return (
        f"the ledger {file} cannot be written: {reason}; set REASONED_LEDGER to a file in a "
        "folder that can be written, or to off"
    )
