"""A ledger on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reasoned.ledger.ledger import Ledger
from tests.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a new database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database("drift")


@pytest.fixture
def opening(address: str) -> Iterator[Callable[[], Ledger]]:
    """Open the same database any number of times, as processes of their own would."""
    opened: list[Ledger] = []

    def open_one() -> Ledger:
        opened.append(Ledger.open(address))
        return opened[-1]

    yield open_one
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(opening: Callable[[], Ledger]) -> Ledger:
    return opening()
