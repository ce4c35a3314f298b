"""A ledger of either kind; the contract of the store is tested on both."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from reasoned.ledger.ledger import Ledger
from tests.postgres_server import PostgresServer

_NUMBERS = itertools.count(1)


def new_address(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Name a database that is empty; the server starts with the first that needs it."""
    if kind == "sqlite":
        return str(folder / "ledger.sqlite3")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(f"ledger{next(_NUMBERS)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_address(request.param, tmp_path, request)


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    found = Ledger.open(address)
    yield found
    found.close()
