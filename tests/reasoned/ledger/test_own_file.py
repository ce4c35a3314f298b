"""A ledger whose file is deleted or replaced under it."""

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import read
from reasoned.ledger.writer import LedgerWriter
from tests.reasoned.ledger.recorded import decision

LONG = 30.0  # seconds after which a test gives up


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(path))
    yield found
    found.close()


@pytest.fixture
def writer(ledger: Ledger) -> Iterator[LedgerWriter]:
    found = LedgerWriter(ledger, most_waiting=1000, every=0.01)
    found.start()
    yield found
    found.close()


def put(writer: LedgerWriter, number: int, leaf: str) -> None:
    assert writer.put(decision(number, cited=(("leaf", leaf), ("example", "e"))))
    assert writer.flush(LONG)


def cited(path: Path, number: int) -> str | None:
    """Read what a decision cites, as another process does that opens the file now."""
    found = Ledger.open(str(path))
    try:
        stored = read(found, f"{number:032x}", None)
    finally:
        found.close()
    return None if stored is None else stored.decision.cited[0][1]


def deleted(path: Path) -> None:
    path.unlink()


def deleted_with_its_log(path: Path) -> None:
    for one in path.parent.iterdir():
        one.unlink()


def deleted_with_its_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def replaced_by_nothing(path: Path) -> None:
    path.with_name("empty").touch()
    path.with_name("empty").replace(path)


def replaced_by_another_ledger(path: Path) -> None:
    other = path.parent.parent / "other.sqlite3"
    found = Ledger.open(str(other))
    found.write([decision(900, cited=(("leaf", "x"), ("leaf", "y"), ("leaf", "c")))])
    found.close()
    other.replace(path)


@pytest.mark.parametrize(
    "lose",
    [
        deleted,
        deleted_with_its_log,
        deleted_with_its_folder,
        replaced_by_nothing,
        replaced_by_another_ledger,
    ],
)
def test_later_rows_go_into_the_file_that_is_there(
    ledger: Ledger,
    writer: LedgerWriter,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    lose: Callable[[Path], None],
) -> None:
    for number, leaf in enumerate("abc"):
        put(writer, number, leaf)
    lose(path)
    for number, leaf in enumerate("cab", start=3):
        put(writer, number, leaf)

    assert [cited(path, number) for number in range(6)] == [None, None, None, "c", "a", "b"]
    assert ledger.generation == 1
    assert writer.failed == 0
    said = [record.getMessage() for record in caplog.records if record.name == "reasoned.ledger"]
    assert len(said) == 1
    assert f"the ledger {path} was deleted or replaced while it was open" in said[0]
    if lose is not replaced_by_another_ledger:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ledger_that_was_put_in_place_keeps_its_own_rows(
    ledger: Ledger, writer: LedgerWriter, path: Path
) -> None:
    put(writer, 0, "a")
    replaced_by_another_ledger(path)
    put(writer, 1, "b")

    assert cited(path, 900) == "x"
    assert ledger.size().rows == 2


def test_a_ledger_that_takes_its_place_at_once_is_not_read_with_the_old_log(
    ledger: Ledger, path: Path
) -> None:
    ledger.write([decision(number, cited=(("leaf", "a"),)) for number in range(50)])
    replaced_by_another_ledger(path)
    ledger.look()

    assert ledger.size().rows == 1
    assert cited(path, 900) == "x"
    replaced_by_another_ledger(path)
    ledger.look()
    assert ledger.size().rows == 1


def test_two_processes_go_on_in_one_new_file(path: Path) -> None:
    one, other = Ledger.open(str(path)), Ledger.open(str(path))
    one.write([decision(0, cited=(("leaf", "a"),))])
    other.write([decision(1, cited=(("leaf", "b"),))])
    path.unlink()
    for ledger, first in ((one, 10), (other, 20)):
        ledger.look()
        ledger.write([decision(first, cited=(("leaf", "b"),))])
    for ledger, first in ((one, 11), (other, 21)):
        ledger.look()
        ledger.write([decision(first, cited=(("leaf", "a"),))])
    one.close()
    other.close()

    assert [cited(path, n) for n in (0, 1, 10, 20, 11, 21)] == [None, None, "b", "b", "a", "a"]
    assert (one.generation, other.generation) == (1, 1)


def test_two_processes_leave_the_log_of_the_file_that_was_put_in_place(path: Path) -> None:
    one, other = Ledger.open(str(path)), Ledger.open(str(path))
    for ledger, number in ((one, 0), (other, 1)):
        ledger.look()
        ledger.write([decision(number)])
        ledger.look()
    replaced_by_another_ledger(path)
    one.look()
    one.write([decision(10, cited=(("leaf", "a"),))])
    other.look()
    other.write([decision(20, cited=(("leaf", "b"),))])
    one.close()
    other.close()

    assert [cited(path, n) for n in (900, 0, 1, 10, 20)] == ["x", None, None, "a", "b"]


def test_rows_wait_where_no_file_can_be_made(
    ledger: Ledger, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"")  # not a folder any more
    with pytest.raises((LedgerError, NotADirectoryError)):
        ledger.look()
    writer = LedgerWriter(ledger, most_waiting=10, every=0.01, strict=True)
    writer.put(decision(1, cited=(("leaf", "a"),)))
    writer.start()
    assert not writer.flush(0.1)
    path.parent.unlink()

    assert writer.flush(LONG)

    writer.close()
    assert cited(path, 1) == "a"
    assert caplog.text.count("was deleted or replaced") == 1


def test_nothing_happens_where_nothing_happened(ledger: Ledger, path: Path) -> None:
    ledger.write([decision(1)])
    ledger.look()
    ledger.write([decision(2)])
    ledger.look()

    assert ledger.generation == 0
    found = {one.name.removeprefix(path.name) for one in path.parent.iterdir()}
    assert found == {"", "-shm", "-wal"}
