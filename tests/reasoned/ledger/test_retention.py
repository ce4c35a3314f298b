import dataclasses
import time
from collections.abc import Iterator, Sequence

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select, text

from reasoned.ledger.decision import Kept
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.retention import Retention
from reasoned.ledger.tables import CITATION, DECISION, FEEDBACK, KEPT, REPLY, TALLY
from reasoned.ledger.tally import Size
from tests.reasoned.ledger.recorded import decision

ALL = Retention(days=90.0, rows=10**9, bytes=10**15)
DAY = 86_400.0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path_factory.mktemp("retention") / "ledger.sqlite3"))
    yield found
    found.close()


def fill(ledger: Ledger, ages: Sequence[float], first: int = 0) -> None:
    """Write decisions that are so many days old, each with all that hangs on one."""
    now = time.time()
    ledger.write(
        [
            decision(
                first + number,
                at=now - age * DAY,
                cited=(("leaf", f"leaf-{number % 3}"), ("example", f"train-{number}")),
                kept=Kept("thumbnail", b"png"),
            )
            for number, age in enumerate(ages)
        ]
    )
    with ledger.engine.begin() as connection:
        for row in connection.execute(select(DECISION)).all():
            said = {"id": row.id, "seq": row.seq, "tenant": row.tenant, "model": row.model}
            connection.execute(insert(FEEDBACK).values(**said, at=now, note="right"))


def left(ledger: Ledger) -> list[int]:
    """Say which decisions are left, after a look at all that hangs on them."""
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(DECISION).order_by(DECISION.c.seq)).all()
        citations = {tuple(row) for row in connection.execute(select(CITATION))}
        hanging = [
            set(connection.execute(select(table.c.seq)).scalars())
            for table in (REPLY, KEPT, FEEDBACK)
        ]
        tally = connection.execute(select(TALLY)).one()
    seqs = {row.seq for row in rows}
    assert hanging == [seqs] * 3
    assert citations == {
        (row.seq >> 10, number, row.seq) for row in rows for number in orjson.loads(row.cited)
    }
    assert (tally.rows, tally.bytes) == (len(rows), sum(row.size for row in rows))
    return [int(row.id, 16) for row in rows]


def test_what_is_too_old_goes(ledger: Ledger) -> None:
    fill(ledger, [95, 10, 91, 89, 0])

    assert ALL.apply(ledger) == 2

    assert left(ledger) == [1, 3, 4]


def test_of_too_many_the_oldest_go(ledger: Ledger) -> None:
    fill(ledger, [5, 4, 9, 3, 8])

    assert dataclasses.replace(ALL, rows=3).apply(ledger) == 2

    assert left(ledger) == [0, 1, 3]


def test_of_too_large_the_oldest_go(ledger: Ledger) -> None:
    fill(ledger, [5, 4, 3, 2])
    half = ledger.size().bytes // 2

    assert dataclasses.replace(ALL, bytes=half).apply(ledger) == 2
    assert left(ledger) == [2, 3]
    assert dataclasses.replace(ALL, bytes=half - 1).apply(ledger) == 1
    assert left(ledger) == [3]


def test_numbers_go_on_where_all_was_deleted(ledger: Ledger) -> None:
    """Whoever reads on by the number would else miss what comes."""
    fill(ledger, [5, 4, 3])
    dataclasses.replace(ALL, days=1.0).apply(ledger)
    assert ledger.size() == Size(0, 0)

    ledger.write([decision(9)])

    with ledger.engine.connect() as connection:
        assert connection.execute(select(DECISION.c.seq)).scalars().all() == [4]


def test_one_call_deletes_so_many_at_the_most(shared: Ledger) -> None:
    fill(shared, [100.0] * 1200, first=10_000)
    retention = ALL

    assert [retention.apply(shared, most=700) for _ in range(3)] == [700, 500, 0]
    assert left(shared) == []


def test_where_nothing_is_too_much_two_rows_are_read(shared: Ledger) -> None:
    fill(shared, [1.0], first=20_000)
    told = list[str]()

    def listen(*said: object) -> None:
        told.append(str(said[2]))

    event.listen(shared.engine, "before_cursor_execute", listen)
    assert ALL.apply(shared) == 0
    event.remove(shared.engine, "before_cursor_execute", listen)

    assert len(told) == 2
    assert "tally" in told[0]
    with shared.engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {told[1]}")).all()
    assert [row.detail for row in plan] == ["SEARCH decision USING COVERING INDEX decision_at"]


def test_nothing_is_searched_row_by_row(shared: Ledger) -> None:
    fill(shared, [100.0], first=30_000)
    told = list[tuple[str, tuple[object, ...]]]()

    def listen(*said: object) -> None:
        told.append((str(said[2]), said[3]))  # type: ignore[arg-type]  # what SQLAlchemy hands over

    event.listen(shared.engine, "before_cursor_execute", listen)
    ALL.apply(shared)
    event.remove(shared.engine, "before_cursor_execute", listen)

    deletions = [(said, with_) for said, with_ in told if said.strip().startswith("DELETE")]
    assert len(deletions) == 5
    with shared.engine.connect() as connection:
        for said, with_ in deletions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", with_).all()
            scans = [row.detail for row in plan if row.detail.startswith("SCAN")]
            assert all("VIRTUAL TABLE" in scan for scan in scans), scans


@settings(max_examples=20)
@given(
    st.lists(st.integers(0, 100), max_size=30),
    st.integers(0, 120),
    st.integers(0, 40),
    st.integers(0, 30_000),
)
def test_what_stays_is_the_longest_that_fits(
    shared: Ledger, ages: list[int], days: int, rows: int, volume: int
) -> None:
    Retention(0.0, 0, 0).apply(shared)
    fill(shared, ages)
    each = shared.size().bytes // len(ages) if ages else 1

    Retention(days + 0.5, rows, volume).apply(shared)

    young = sorted((age, number) for number, age in enumerate(ages) if age <= days)
    fitting = min(rows, volume // each)
    # Of one age the earlier is the older; each row takes as much as any other.
    youngest = sorted(young, key=lambda one: (one[0], -one[1]))[:fitting]
    assert left(shared) == sorted(number for _, number in youngest)
