from collections.abc import Iterator
from pathlib import Path

import pytest

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import read
from reasoned.ledger.retention import Retention
from reasoned.ledger.upkeep import back_up, vacuum
from tests.reasoned.ledger.both import KINDS, opened
from tests.reasoned.ledger.recorded import decision

FOREVER = 36_500.0


@pytest.fixture(params=KINDS)
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with opened(request, "upkeep") as found:
        found.write([decision(n, reply=b"x" * 20_000) for n in range(100)])
        yield found


def test_what_is_deleted_is_given_back(ledger: Ledger) -> None:
    Retention(FOREVER, 1, 10**9).apply(ledger)
    vacuum(ledger)

    assert read(ledger, decision(99).id, None) is not None
    if ledger.dialect == "sqlite":
        assert Path(str(ledger.engine.url.database)).stat().st_size < 500_000


def test_a_copy_holds_what_was_there(ledger: Ledger, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    if ledger.dialect == "postgresql":
        with pytest.raises(LedgerError, match="pg_dump"):
            back_up(ledger, copy)
        return
    back_up(ledger, copy)
    ledger.write([decision(100)])
    found = Ledger.open(str(copy))
    try:
        assert found.size().rows == 100
    finally:
        found.close()
    with pytest.raises(LedgerError, match="exists; name a new file"):
        back_up(ledger, copy)
