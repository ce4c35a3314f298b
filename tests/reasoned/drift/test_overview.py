"""What people are shown, together, and as records."""

import dataclasses

import pytest
from sqlalchemy import delete, func, select, update

from reasoned.drift.alarms import acknowledge
from reasoned.drift.overview import Overview, read_overview
from reasoned.drift.records import AlarmRecord, DriftRecord, alarm_record, drift_record
from reasoned.drift.shares import by_kind
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.records import moment
from reasoned.ledger.tables import DECISION, MONITOR
from tests.reasoned.drift.planted import REFERENCE, decision, outcome
from tests.reasoned.drift.raised import RUN_LENGTH, let_drift


def looked(ledger: Ledger, run_length: int = RUN_LENGTH) -> Overview:
    return read_overview(ledger, REFERENCE, "planted", tenant="a", run_length=run_length)


def test_an_overview_tells_of_all_that_was_counted(ledger: Ledger) -> None:
    let_drift(ledger)
    ledger.write([decision(500, outcome())])
    found = looked(ledger)
    number = found.alarms[-1].number
    acknowledge(ledger, number, "anna", "a new camera")
    record = drift_record(looked(ledger))

    assert DriftRecord.model_validate_json(record.model_dump_json()) == record
    assert (record.counted, record.lag, record.shown) == (180, 1, 181)
    assert (record.counting, record.idle, record.run_length) == (True, None, 1000)
    assert [one.name for one in record.signals][:2] == ["disagreement", "out_of_support"]
    assert record.signals[0].alarms >= 1
    ratio = record.ratios[0]
    assert ratio.live is not None
    assert (ratio.reference, ratio.bound, ratio.n) == (0.02, 0.05, 181)
    assert ratio.low < ratio.live < ratio.high
    assert record.confidence.reference == 0.8
    with ledger.engine.connect() as connection:
        mean = connection.execute(select(func.avg(DECISION.c.confidence))).scalar_one()
    assert record.confidence.live == pytest.approx(mean, rel=1e-12)
    assert looked(ledger).seen[number].by == "anna"


def test_each_kind_says_how_many_requests_it_wants(ledger: Ledger) -> None:
    let_drift(ledger)
    kinds = {one.kind: one for one in drift_record(looked(ledger)).kinds}

    assert [*kinds] == ["class_mix", "attribute", "cluster"]
    assert {one.wanted for one in kinds.values()} == {1000}
    assert all(one.grey for one in kinds.values())
    assert kinds["cluster"].psi is not None
    assert kinds["attribute"].psi is kinds["attribute"].js is None
    assert [one.key for one in kinds["attribute"].shares] == ["stripes", "other"]


def test_a_kind_of_many_wants_fifty_requests_for_each(ledger: Ledger) -> None:
    let_drift(ledger)
    shown = looked(ledger).shown
    many = tuple(dataclasses.replace(one, cells=41) for one in shown.divergences)
    found = {one.kind: one for one in by_kind(dataclasses.replace(shown, divergences=many))}

    assert found["cluster"].wanted == 2050
    assert found["attribute"].wanted == 1000
    enough = dataclasses.replace(found["cluster"], n=2050)
    assert (found["cluster"].grey, enough.grey) == (True, False)


def test_what_changed_most_comes_first(ledger: Ledger) -> None:
    ledger.write([decision(i, outcome(cited=(("cluster", "c-2"),))) for i in range(4)])
    found = {one.kind: one for one in by_kind(looked(ledger).shown)}

    assert [(s.key, s.live) for s in found["cluster"].shares] == [
        ("c-1", 0.0),
        ("c-2", 1.0),
        ("other", 0.0),
    ]


@pytest.mark.parametrize(
    ("updated", "run_length", "said"),
    [
        (None, RUN_LENGTH, "No detector has looked at this ledger yet."),
        (None, 0, "REASONED_RUN_LENGTH=0: this service moves no detectors"),
        (1.7e9, RUN_LENGTH, "has looked at this ledger for more than a minute"),
        (1.7e9, 0, "REASONED_RUN_LENGTH=0"),
    ],
)
def test_where_nothing_counts_the_reason_is_said(
    ledger: Ledger, updated: float | None, run_length: int, said: str
) -> None:
    if updated is not None:
        let_drift(ledger)
        with ledger.engine.begin() as connection:
            connection.execute(update(MONITOR).values(updated=updated))
    found = drift_record(looked(ledger, run_length))

    assert not found.counting
    assert said in str(found.idle)


def test_another_consumers_run_length_is_shown_where_this_one_has_none(ledger: Ledger) -> None:
    let_drift(ledger)

    assert (looked(ledger, 0).run_length, looked(ledger, 0).idle) == (1000, None)


def test_an_empty_ledger_has_an_overview(ledger: Ledger) -> None:
    record = drift_record(looked(ledger))

    assert (record.counted, record.updated, record.shown, record.kinds) == (0, None, 0, [])
    assert {one.live for one in record.ratios} == {None}
    assert record.confidence.live is None


def test_an_alarm_is_told_with_who_has_seen_it(ledger: Ledger) -> None:
    let_drift(ledger)
    found = looked(ledger)
    number = found.alarms[-1].number
    before = alarm_record(found.alarms[-1], found.seen.get(number))
    acknowledge(ledger, number, "anna")
    again = looked(ledger)
    after = alarm_record(again.alarms[-1], again.seen[number])

    assert AlarmRecord.model_validate_json(after.model_dump_json()) == after
    assert before.acknowledged is None
    assert after.acknowledged is not None
    assert (after.acknowledged.by, after.acknowledged.note) == ("anna", None)
    assert after.model_copy(update={"acknowledged": None}) == before
    assert before.contributors[0].member == "disagreement"
    with ledger.engine.connect() as connection:
        first = select(DECISION.c.at).where(DECISION.c.seq == before.first_seq)
        assert before.began == moment(connection.execute(first).scalar_one())
    with ledger.engine.begin() as connection:
        connection.execute(delete(DECISION))
    gone = looked(ledger).alarms[-1]
    assert alarm_record(gone, None).began is None
