"""The same tests on a ledger in SQLite and on one in PostgreSQL."""

import contextlib
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import delete, update

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import CITED, METADATA, TALLY

KINDS: Final = ("sqlite", "postgresql")


@contextlib.contextmanager
def opened(request: pytest.FixtureRequest, name: str) -> Iterator[Ledger]:
    """Open a new ledger of the kind that is the fixture's parameter."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp(name)
        address = str(folder / "ledger.sqlite3")
    else:
        address = request.getfixturevalue("postgres").new_database(name)
    ledger = Ledger.open(address)
    try:
        yield ledger
    finally:
        ledger.close()


def empty(ledger: Ledger) -> None:
    """Take every decision out of a ledger, and what was said of it."""
    with ledger.writing() as connection:
        for table in METADATA.sorted_tables:
            if table not in {CITED, TALLY}:  # names stay known to the ledger
                connection.execute(delete(table))
        connection.execute(update(TALLY).values(seq=0, rows=0, bytes=0))
