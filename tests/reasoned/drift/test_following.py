"""Counting on beside whoever writes, in the file that is there."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reasoned.drift.following import follow
from reasoned.drift.monitor import Monitor
from reasoned.drift.status import read_status
from reasoned.errors import LedgerError
from reasoned.ledger.decision import Decision
from reasoned.ledger.ledger import Ledger
from tests.reasoned.drift.planted import REFERENCE, decision, outcome


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(path))
    found.write(several(50))
    yield found
    found.close()


def several(count: int, first: int = 0) -> list[Decision]:
    return [decision(first + i, outcome()) for i in range(count)]


def written(path: Path, count: int) -> None:
    """Write as a service does that finds the file, or finds none."""
    other = Ledger.open(str(path))
    other.write(several(count, first=1000))
    other.close()


def counted(ledger: Ledger, *between: Callable[[], None]) -> int:
    """Follow a ledger, and do one thing after each round but the last."""
    monitor = Monitor(ledger, REFERENCE, run_length=1000, feedback=False, owner="one")
    left = list(between)

    def ends(_more: bool) -> bool:  # noqa: FBT001  as it is called
        if left:
            left.pop(0)()
            return False
        return True

    return follow(ledger, monitor, ends)


def test_what_comes_later_counts_too(ledger: Ledger, path: Path) -> None:
    assert counted(ledger, lambda: written(path, 5), lambda: written(path, 7)) == 57


def test_it_goes_on_in_the_file_that_another_has_made(
    ledger: Ledger, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def replace() -> None:
        path.unlink()
        written(path, 40)

    assert counted(ledger, replace) == 90
    assert read_status(ledger, REFERENCE, run_length=1000).counted == 40
    assert f"the ledger {path} was deleted or replaced while it was open" in caplog.text


def test_where_nobody_has_made_one_it_makes_it(ledger: Ledger, path: Path) -> None:
    assert counted(ledger, path.unlink, lambda: written(path, 3)) == 53
    assert ledger.size().rows == 3


def test_without_a_folder_it_ends(ledger: Ledger, path: Path) -> None:
    def lose() -> None:
        shutil.rmtree(path.parent)
        path.parent.write_bytes(b"")

    with pytest.raises(LedgerError, match=r"ledger\.sqlite3 cannot be found again: Not a direct"):
        counted(ledger, lose)


def test_it_ends_at_what_is_no_ledger(ledger: Ledger, path: Path) -> None:
    def lose() -> None:
        path.unlink()
        path.write_text("a letter" * 1000, encoding="utf-8")

    with pytest.raises(LedgerError, match="the file is no SQLite database"):
        counted(ledger, lose)


def test_where_a_round_was_full_more_may_be_there(ledger: Ledger) -> None:
    ledger.write(several(1001, first=50))
    monitor = Monitor(ledger, REFERENCE, run_length=1000, feedback=False, owner="one")
    told: list[bool] = []

    def ends(more: bool) -> bool:  # noqa: FBT001  as it is called
        told.append(more)
        return not more

    assert follow(ledger, monitor, ends) == 1051
    assert told == [True, False]
