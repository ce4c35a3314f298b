import gc
import logging
import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select

from reasoned.ledger.decision import Decision
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import DECISION
from reasoned.ledger.writer import LedgerWriter
from tests.postgres_server import PostgresServer
from tests.reasoned.ledger.recorded import decision

LONG = 30.0  # seconds after which a test gives up
NEVER = 3600.0  # seconds: nothing is written by the clock


@pytest.fixture
def file_ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    yield found
    found.close()


@pytest.fixture
def opened() -> Iterator[Callable[[LedgerWriter], LedgerWriter]]:
    started = list[LedgerWriter]()

    def start(writer: LedgerWriter) -> LedgerWriter:
        writer.start()
        started.append(writer)
        return writer

    yield start
    for writer in started:
        writer.close()


def numbers(ledger: Ledger) -> list[int]:
    with ledger.engine.connect() as connection:
        ids = connection.execute(select(DECISION.c.id).order_by(DECISION.c.seq)).scalars()
        return [int(name, 16) for name in ids]


def decisions(count: int, first: int = 0) -> list[Decision]:
    return [decision(number) for number in range(first, first + count)]


class Full:
    """A disk that is full: the file of a ledger may not grow."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def begin(self) -> None:
        event.listen(self._ledger.engine, "connect", self._limit)
        self._ledger.engine.dispose()

    def end(self) -> None:
        event.remove(self._ledger.engine, "connect", self._limit)
        self._ledger.engine.dispose()

    @staticmethod
    def _limit(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]  # sqlite3's


def test_rows_are_written_in_order(ledger: Ledger, opened: Callable[..., LedgerWriter]) -> None:
    writer = opened(LedgerWriter(ledger, most_waiting=10_000))

    assert [writer.put(row) for row in decisions(501)] == [True] * 501
    assert writer.flush(LONG)

    assert numbers(ledger) == list(range(501))
    assert (writer.written, writer.waiting, writer.dropped, writer.failed) == (501, 0, 0, 0)


def test_rows_are_written_by_the_clock(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    written = threading.Event()
    writer = opened(
        LedgerWriter(file_ledger, most_waiting=10, every=0.02, afterwards=[written.set])
    )
    writer.put(decision(1))

    assert written.wait(LONG)
    assert numbers(file_ledger) == [1]


def test_a_full_batch_does_not_wait_for_the_clock(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    written = threading.Event()
    writer = opened(
        LedgerWriter(
            file_ledger,
            most_waiting=100,
            every=NEVER,
            most_at_once=5,
            afterwards=[written.set],
        )
    )
    for row in decisions(5):
        writer.put(row)

    assert written.wait(LONG)
    assert numbers(file_ledger) == [0, 1, 2, 3, 4]


def test_rows_that_come_while_others_are_written_make_a_batch_together(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    coming, again = iter(decisions(3, first=1)), threading.Event()

    def another_comes() -> None:
        row = next(coming, None)
        if row is None or row.id != decision(1).id:
            again.set()
        if row is not None:
            writer.put(row)

    writer = LedgerWriter(file_ledger, most_waiting=100, every=NEVER, afterwards=[another_comes])
    writer.put(decision(0))
    opened(writer)

    assert writer.flush(LONG)
    assert not again.wait(0.3)  # a batch of its own for each would have been written by now
    assert numbers(file_ledger) == [0]
    assert writer.flush(LONG)
    assert numbers(file_ledger) == [0, 1]


def test_a_transaction_has_so_many_rows_at_the_most(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    sizes = list[int]()
    writer = LedgerWriter(
        file_ledger,
        most_waiting=1000,
        every=NEVER,
        most_at_once=200,
        afterwards=[lambda: sizes.append(file_ledger.size().rows)],
    )
    for row in decisions(450):
        writer.put(row)
    opened(writer).flush(LONG)
    writer.close()

    assert sizes[:3] == [200, 400, 450]


def test_two_hundred_rows_take_few_statements(file_ledger: Ledger) -> None:
    """Python's driver lets go of the interpreter at each, and gets it back late."""
    file_ledger.write(decisions(1))
    told = list[str]()
    event.listen(
        file_ledger.engine, "before_cursor_execute", lambda *said: told.append(str(said[2]))
    )

    file_ledger.write(decisions(200, first=1))

    assert len(told) <= 10


def test_what_finds_no_place_is_dropped_and_counted(file_ledger: Ledger) -> None:
    writer = LedgerWriter(file_ledger, most_waiting=3)

    taken = [writer.put(row) for row in decisions(5)]

    assert taken == [True, True, True, False, False]
    assert (writer.waiting, writer.dropped) == (3, 2)
    writer.start()
    writer.close()
    assert numbers(file_ledger) == [0, 1, 2]


def test_closing_writes_what_waits_and_takes_no_more(file_ledger: Ledger) -> None:
    writer = LedgerWriter(file_ledger, most_waiting=1000, every=NEVER)
    writer.start()
    for row in decisions(450):
        writer.put(row)

    writer.close()
    writer.close()

    assert numbers(file_ledger) == list(range(450))
    assert not writer.put(decision(999))
    assert writer.dropped == 1


def test_nothing_runs_before_the_start(file_ledger: Ledger) -> None:
    before = threading.active_count()
    writer = LedgerWriter(file_ledger, most_waiting=3)
    writer.put(decision(1))
    writer.close()

    assert threading.active_count() == before
    assert writer.waiting == 1


def test_a_wrong_row_takes_no_other_with_it(
    ledger: Ledger, opened: Callable[..., LedgerWriter], caplog: pytest.LogCaptureFixture
) -> None:
    writer = opened(LedgerWriter(ledger, most_waiting=100, every=NEVER))
    rows = [
        decision(0),
        decision(1, confidence=math.nan, client_id="secret", reply=b"secret"),
        decision(2),
        decision(3, label="\ud800", client_id="secret"),
    ]
    for row in rows:
        writer.put(row)

    assert writer.flush(LONG)

    assert numbers(ledger) == [0, 2]
    assert (writer.written, writer.failed, len(writer.failures)) == (2, 2, 2)
    assert f"a row cannot be written: {rows[1].id}" in caplog.text
    # Neither what SQLAlchemy handed over nor what PostgreSQL quotes of the row.
    assert "secret" not in caplog.text
    assert "736563726574" not in caplog.text
    assert writer.flush(LONG)


def test_a_disk_that_is_full_for_a_while_loses_nothing(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter], caplog: pytest.LogCaptureFixture
) -> None:
    seconds = threading.Semaphore(0)
    writer = LedgerWriter(
        file_ledger, most_waiting=1000, every=0.01, afterwards=[seconds.release], patience=NEVER
    )
    full = Full(file_ledger)
    full.begin()
    for row in decisions(300):
        writer.put(row)
    opened(writer)
    # It is called each second in which nothing can be written, too.
    assert seconds.acquire(timeout=LONG)
    assert seconds.acquire(timeout=LONG)
    assert (writer.waiting, writer.written, writer.failed) == (300, 0, 0)
    full.end()

    assert writer.flush(LONG)

    assert numbers(file_ledger) == list(range(300))
    said = [record.getMessage() for record in caplog.records if record.name == "reasoned.ledger"]
    assert len(said) == 2
    assert "cannot be written; rows wait, then fail" in said[0]
    assert "full" in said[0]
    assert "can be written again; until now 0 rows failed" in said[1]


def test_rows_that_were_tried_for_long_enough_fail_with_a_reason(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter], caplog: pytest.LogCaptureFixture
) -> None:
    full = Full(file_ledger)
    full.begin()
    writer = LedgerWriter(file_ledger, most_waiting=1000, every=0.01, patience=0.0)
    for row in decisions(450):
        writer.put(row)
    opened(writer)

    assert writer.flush(LONG)

    assert writer.failures == {"OperationalError": 450}
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) == 1
    full.end()
    writer.put(decision(1000))
    assert writer.flush(LONG)
    assert numbers(file_ledger) == [1000]


def test_closing_gives_up_what_cannot_be_written(file_ledger: Ledger) -> None:
    full = Full(file_ledger)
    full.begin()
    writer = LedgerWriter(file_ledger, most_waiting=1000, every=0.01, patience=NEVER)
    for row in decisions(450):
        writer.put(row)
    writer.start()

    writer.close()

    assert (writer.failed, writer.waiting) == (450, 0)
    assert writer.failures["Closed"] > 0
    full.end()


def test_where_every_row_must_be_written_none_is_taken_in_that_cannot_be(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    seconds = threading.Semaphore(0)
    full = Full(file_ledger)
    full.begin()
    writer = LedgerWriter(
        file_ledger,
        most_waiting=1000,
        every=0.01,
        afterwards=[seconds.release],
        patience=0.0,
        strict=True,
    )
    for row in decisions(300):
        assert writer.put(row)
    opened(writer)
    assert seconds.acquire(timeout=LONG)

    assert not writer.put(decision(1000))
    assert (writer.dropped, writer.failed, writer.waiting) == (1, 0, 300)
    full.end()
    assert writer.flush(LONG)
    assert writer.put(decision(1001))
    assert writer.flush(LONG)

    assert numbers(file_ledger) == [*range(300), 1001]
    assert (writer.dropped, writer.failed) == (1, 0)


def test_where_every_row_must_be_written_closing_still_ends(file_ledger: Ledger) -> None:
    full = Full(file_ledger)
    full.begin()
    writer = LedgerWriter(file_ledger, most_waiting=1000, every=0.01, strict=True)
    for row in decisions(450):
        writer.put(row)
    writer.start()

    writer.close()

    assert writer.failures == {"Closed": 450}
    full.end()


# pg8000 does not close a socket whose other end is gone.
@pytest.mark.filterwarnings("ignore:unclosed <socket", "ignore:Exception ignored in")
def test_a_server_that_is_restarted_loses_nothing(
    postgres: PostgresServer, opened: Callable[..., LedgerWriter]
) -> None:
    ledger = Ledger.open(postgres.new_database("restarted"))
    seconds = threading.Semaphore(0)
    writer = opened(
        LedgerWriter(ledger, most_waiting=1000, every=0.01, afterwards=[seconds.release])
    )
    writer.put(decision(0))
    assert writer.flush(LONG)
    postgres.stop()
    try:
        for row in decisions(300, first=1):
            writer.put(row)
        while seconds.acquire(blocking=False):
            pass
        assert seconds.acquire(timeout=LONG)
        assert writer.waiting == 300
    finally:
        postgres.start()

    assert writer.flush(LONG)

    assert numbers(ledger) == list(range(301))
    writer.close()
    ledger.close()
    gc.collect()


def test_what_follows_may_fail_and_stops_nothing(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter], caplog: pytest.LogCaptureFixture
) -> None:
    called = threading.Semaphore(0)

    def fail() -> None:
        raise RuntimeError("no detectors today")

    writer = LedgerWriter(
        file_ledger, most_waiting=10, every=0.01, afterwards=[fail, called.release]
    )
    opened(writer)
    for row in decisions(3):
        writer.put(row)
        assert writer.flush(LONG)

    for _ in range(3):
        assert called.acquire(timeout=LONG)
    assert writer.mishaps >= 3
    assert caplog.text.count("Traceback") == 1
    assert "no detectors today" in caplog.text


def test_what_follows_is_called_without_rows_too(
    file_ledger: Ledger, opened: Callable[..., LedgerWriter]
) -> None:
    called = threading.Event()
    opened(LedgerWriter(file_ledger, most_waiting=10, every=0.01, afterwards=[called.set]))

    assert called.wait(LONG)


def test_flush_says_when_it_takes_too_long(file_ledger: Ledger) -> None:
    writer = LedgerWriter(file_ledger, most_waiting=10)
    assert writer.flush(0.0)
    writer.put(decision(1))

    assert not writer.flush(0.01)
