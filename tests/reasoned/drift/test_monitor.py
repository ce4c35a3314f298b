"""The one consumer of a model's decisions, on both databases."""

import dataclasses
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert, select, update

from reasoned.drift.monitor import AT_ONCE, Monitor
from reasoned.drift.reference import Reference
from reasoned.drift.signals import Requests
from reasoned.drift.state import decode
from reasoned.drift.watch import Watch
from reasoned.ledger.decision import Decision
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ALARM, DECISION, FEEDBACK, MONITOR
from tests.reasoned.drift.planted import REFERENCE, decision, drawn, outcome

Opening = Callable[[], Ledger]


def monitor(ledger: Ledger, owner: str = "one", *, feedback: bool = False) -> Monitor:
    return Monitor(ledger, REFERENCE, run_length=1000, feedback=feedback, owner=owner)


def stream(count: int, *, first: int = 0, disagree: float = 0.02, seed: int = 0) -> list[Decision]:
    rng = np.random.default_rng(seed)
    return [decision(first + i, drawn(rng, disagree=disagree)) for i in range(count)]


def drift() -> list[Decision]:
    return stream(300) + stream(300, first=300, disagree=0.3, seed=1)


def alarms(ledger: Ledger) -> list[dict[str, Any]]:
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(ALARM).order_by(ALARM.c.number)).all()
    return [{k: v for k, v in row._asdict().items() if k not in ("at", "number")} for row in rows]


def stood(ledger: Ledger) -> tuple[int, int, bytes]:
    with ledger.engine.connect() as connection:
        row = connection.execute(select(MONITOR)).one()
    return row.seq, row.counted, bytes(row.state)


def watched(decisions: Sequence[Decision]) -> Watch:
    """Count the same in memory."""
    watch = Watch(REFERENCE, 1000)
    watch.count(Requests.of([_outcome(one) for one in decisions], watch.signals.place))
    return watch


def _outcome(one: Decision) -> Any:  # noqa: ANN401  an outcome, but for its times
    names = [f.name for f in dataclasses.fields(outcome()) if not f.name.endswith("_us")]
    return outcome(**{name: getattr(one, name) for name in names})


def test_what_is_new_is_counted_once(ledger: Ledger) -> None:
    told, one = stream(50), monitor(ledger)
    assert one.step() == 0
    ledger.write(told[:30])
    assert one.step() == 30
    assert one.step() == 0
    ledger.write(told[30:])
    assert one.step() == 20

    seq, counted, state = stood(ledger)
    assert (seq, counted) == (50, 50)
    assert state == watched(told).state()


def test_a_file_that_was_put_in_place_is_counted_from_its_beginning(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    one = monitor(ledger)
    ledger.write(stream(50))
    assert one.step() == 50
    (tmp_path / "ledger.sqlite3").unlink()
    ledger.look()
    # Other numbers for the same names: this one had the last, and has the first now.
    told = [decision(900, outcome(cited=(("cluster", "c-2"),))), *stream(40, seed=1)]
    ledger.write(told[:1])
    ledger.write(told[1:])

    assert one.step() == 41
    seq, counted, state = stood(ledger)
    assert (seq, counted) == (41, 41)
    assert state == watched(told).state()
    ledger.close()


def test_only_what_the_reference_speaks_of_counts_and_all_is_passed(ledger: Ledger) -> None:
    good = stream(1)[0]
    left_out: list[dict[str, Any]] = [
        {"model": "f" * 64},
        {"sampled": False},
        {"status": None},
        {"options": good.options.replace("trace", "full")},
        {"options": good.options.replace('"methods":null', '"methods":["additive"]')},
        {"options": good.options.replace('"deadline_ms":null', '"deadline_ms":5.0')},
    ]
    rows = [dataclasses.replace(good, id=f"{i:032x}", **one) for i, one in enumerate(left_out, 1)]
    fewer = good.options.replace('"neighbours":5', '"neighbours":1')
    ledger.write([good, *rows, dataclasses.replace(good, id="f" * 32, options=fewer)])
    one = monitor(ledger)

    assert (one.step(), one.looked) == (2, 8)
    assert stood(ledger)[:2] == (8, 2)


def test_a_step_looks_at_so_many_rows_and_no_more(ledger: Ledger) -> None:
    ledger.write(stream(AT_ONCE + 5))
    one = monitor(ledger)
    assert [one.step(), one.step(), one.step()] == [AT_ONCE, 5, 0]


def test_an_alarm_says_since_when_and_shows_what(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    told = drift()
    ledger.write(told)
    with caplog.at_level(logging.WARNING, "reasoned.drift"):
        monitor(ledger).step()
    found = alarms(ledger)[0]

    assert found["signal"] == "disagreement"
    assert 295 <= found["first_seq"] <= 330
    assert found["first_seq"] < found["last_seq"] <= 400
    assert found["evidence"] >= found["threshold"] == pytest.approx(np.log10(7000))
    assert "drift alarm: disagreement" in caplog.text


def test_a_change_that_lasts_is_one_alarm_until_it_is_seen(ledger: Ledger) -> None:
    # A hundredth of this run length is enough for the next crossing.
    one = Monitor(ledger, REFERENCE, run_length=20_000, feedback=False, owner="one")
    ledger.write(stream(400, disagree=0.5))
    one.step()
    first = alarms(ledger)
    ledger.write(stream(100, first=400, disagree=0.5, seed=2))
    one.step()
    second = alarms(ledger)

    names = [found["signal"] for found in second]
    assert names.count("disagreement") == 1
    assert second[0]["last_seq"] > first[0]["last_seq"]
    with ledger.engine.begin() as connection:
        connection.execute(update(ALARM).values(acknowledged=1.0))
    ledger.write(stream(100, first=500, disagree=0.5, seed=3))
    one.step()
    assert [found["signal"] for found in alarms(ledger)].count("disagreement") >= 2


@pytest.mark.parametrize("cut", [1, 333])
def test_another_process_goes_on_and_raises_the_same_alarms(
    opening: Opening, address: str, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    del address
    told = drift()
    whole = Ledger.open(str(tmp_path_factory.mktemp("whole") / "ledger.sqlite3"))
    whole.write(told)
    monitor(whole).step()

    first, second = opening(), opening()
    one = monitor(first, "one")
    first.write(told[:cut])
    one.step()
    one.close()
    second.write(told[cut:])
    assert monitor(second, "two").step() == 600 - cut

    assert alarms(second) == alarms(whole)
    assert len(alarms(whole)) >= 1
    assert stood(second) == stood(whole)
    whole.close()


def test_two_owners_take_turns(opening: Opening) -> None:
    told = drift()
    first, second = opening(), opening()
    owners = [monitor(first, "one"), monitor(second, "two")]
    for turn in range(12):
        first.write(told[50 * turn : 50 * turn + 50])
        other, own = owners[turn % 2 - 1], owners[turn % 2]
        assert own.step() == 50
        assert other.step() == 0  # the lease is another's
        own.close()

    assert stood(first)[2] == watched(told).state()


def test_two_that_believe_to_hold_the_lease_count_once(opening: Opening) -> None:
    told = stream(200)
    first, second = opening(), opening()
    one, two = monitor(first, "one"), monitor(second, "two")
    first.write(told[:50])
    assert one.step() == 50
    steal(first, "two")  # a clock was wrong
    first.write(told[50:100])
    assert two.step() == 50
    first.write(told[100:])
    # The first still believes to hold it, and to stand at 50: what it does then is undone.
    assert one.step() == 0
    assert two.step() == 100

    assert stood(first)[:2] == (200, 200)
    assert stood(first)[2] == watched(told).state()
    assert one.step() == 0


def test_a_lease_from_before_the_clock_was_set_back_is_taken(opening: Opening) -> None:
    first, second = opening(), opening()
    first.write(stream(10))
    assert monitor(first, "one").step() == 10
    first.write(stream(10, first=10))
    with first.engine.begin() as connection:
        connection.execute(update(MONITOR).values(until=MONITOR.c.until + 3600.0))
    assert monitor(second, "two").step() == 10


def test_a_lease_that_ran_out_is_taken(opening: Opening) -> None:
    first, second = opening(), opening()
    first.write(stream(10))
    assert monitor(first, "one").step() == 10
    first.write(stream(10, first=10))
    assert monitor(second, "two").step() == 0
    with first.engine.begin() as connection:
        connection.execute(update(MONITOR).values(until=0.0))
    assert monitor(second, "two").step() == 10


def test_another_run_length_begins_anew_and_says_so(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.write(stream(50))
    one = monitor(ledger)
    one.step()
    one.close()
    ledger.write(stream(20, first=50, seed=5))
    other = Monitor(ledger, REFERENCE, run_length=2000, feedback=False, owner="other")
    with caplog.at_level(logging.WARNING, "reasoned.drift"):
        assert other.step() == 20

    assert (
        "begin anew: the state is of run_length 1000, but the detectors are of 2000" in caplog.text
    )
    assert stood(ledger)[:2] == (70, 70)


def test_feedback_is_counted_once_for_each_decision(ledger: Ledger) -> None:
    told = stream(40)
    told[39] = dataclasses.replace(told[39], sampled=False)
    ledger.write(told)
    with ledger.engine.begin() as connection:
        for seq, one in enumerate(told, 1):
            for wrong in (True, True, None):
                connection.execute(insert(FEEDBACK).values(**said(one, seq), wrong=wrong))
    hearing = monitor(ledger, feedback=True)
    hearing.step()

    # 39 errors that count, at a bound of a tenth: some ten are enough for an alarm, which goes on.
    raised = [found for found in alarms(ledger) if found["signal"] == "feedback_error"]
    assert [found["signal"] for found in raised] == ["feedback_error"]
    assert raised[0]["counted"] == raised[0]["first_seq"] <= 15
    assert raised[0]["last_seq"] > 30
    assert decode(stood(ledger)[2])[0].told == 39
    assert hearing.step() == 0


def said(one: Decision, seq: int) -> dict[str, Any]:
    return {"id": one.id, "seq": seq, "tenant": one.tenant, "model": one.model, "at": 1.0}


@pytest.mark.parametrize("table", ["decision", "alarm"])
def test_an_error_of_the_database_moves_nothing(ledger: Ledger, table: str) -> None:
    # Without `alarm` the step fails when all is counted, and before anything is written.
    told, one = drift(), monitor(ledger)
    ledger.write(told[:20])
    one.step()
    ledger.write(told[20:])
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")
    with pytest.raises(Exception, match=table):
        one.step()
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {table}")

    assert one.step() == 580
    assert stood(ledger)[2] == watched(told).state()
    assert alarms(ledger)


def test_models_stand_apart(ledger: Ledger) -> None:
    other = Reference("f" * 64, REFERENCE.digest, REFERENCE.record)
    mine = stream(10)
    theirs = [dataclasses.replace(o, model="f" * 64) for o in stream(5, first=10)]
    ledger.write([*mine, *theirs])

    assert monitor(ledger).step() == 10
    two = Monitor(ledger, other, run_length=1000, feedback=False, owner="two")
    assert two.step() == 5


def steal(ledger: Ledger, owner: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(update(MONITOR).values(owner=owner, until=2e9 * 2))


@pytest.mark.parametrize(
    "changed",
    [
        {"options": "{"},
        {"options": "[]"},
        {"cited": ""},
        {"cited": "{"},
        {"cited": "7"},
        {"cited": '["a"]'},
        {"cited": "[-1]"},
        {"cited": "[1e3]"},
        {"cited": f"[{10**15}]"},
    ],
)
def test_rows_that_were_changed_by_hand_are_passed(ledger: Ledger, changed: dict[str, str]) -> None:
    told, one = stream(20), monitor(ledger)
    ledger.write(told)
    with ledger.engine.begin() as connection:
        connection.execute(update(DECISION).where(DECISION.c.seq == 7).values(**changed))

    one.step()

    assert stood(ledger) == (20, 19, watched([*told[:6], *told[7:]]).state())
