"""Alarms as the ledger keeps them."""

import dataclasses

import numpy as np
import orjson
import pytest
from sqlalchemy import delete, select

from reasoned.drift.alarms import NoAlarmError, acknowledge, read, read_one
from reasoned.drift.monitor import Monitor
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ACTION, DECISION
from tests.reasoned.drift.planted import MODEL, REFERENCE, decision, drawn


@pytest.fixture
def drifted(ledger: Ledger) -> Ledger:
    """Let two tenants' requests disagree often after the first hundred."""
    rng = np.random.default_rng(7)
    told = [
        decision(i, drawn(rng, disagree=0.02 if i < 100 else 0.4), tenant="ab"[i % 2])
        for i in range(180)
    ]
    ledger.write(told)
    Monitor(ledger, REFERENCE, run_length=1000, feedback=False, owner="one").step()
    return ledger


def test_each_tenant_sees_its_own_decisions_and_the_operator_all(drifted: Ledger) -> None:
    a, b, everybody = (read(drifted, MODEL, tenant)[-1] for tenant in ("a", "b", None))

    assert a.signal == b.signal == "disagreement"
    with drifted.engine.connect() as connection:
        rows = connection.execute(select(DECISION)).all()
    by_id = {row.id: row for row in rows}
    for tenant, alarm in (("a", a), ("b", b)):
        assert 1 <= len(alarm.examples) <= 5
        shown = [by_id[name] for name in alarm.examples]
        assert {row.tenant for row in shown} == {tenant}
        assert all(row.agrees is False for row in shown)
        assert all(alarm.first_seq <= row.seq <= alarm.last_seq for row in shown)
    assert set(everybody.examples) == {*a.examples, *b.examples}
    assert read(drifted, MODEL, "nobody")[-1].examples == ()


def test_the_contributor_is_counted_over_the_alarms_requests(drifted: Ledger) -> None:
    alarm = read(drifted, MODEL, None)[-1]
    with drifted.engine.connect() as connection:
        wanted = select(DECISION.c.agrees).where(
            DECISION.c.seq.between(alarm.first_seq, alarm.last_seq)
        )
        agrees = [row.agrees for row in connection.execute(wanted)]
    first = alarm.contributors[0]

    assert (first.member, first.side, first.bound, first.reference) == (
        *("disagreement", "above"),
        *(0.05, 0.02),
    )
    assert first.n == len(agrees)
    assert first.live == pytest.approx(agrees.count(False) / len(agrees), rel=1e-12)
    assert first.evidence == pytest.approx(alarm.evidence, rel=1e-12)


def test_examples_that_are_no_longer_kept_are_left_out(drifted: Ledger) -> None:
    before = read(drifted, MODEL, None)[-1]
    with drifted.engine.begin() as connection:
        connection.execute(delete(DECISION).where(DECISION.c.id == before.examples[0]))
    assert read(drifted, MODEL, None)[-1].examples == before.examples[1:]


def test_another_model_has_none(drifted: Ledger) -> None:
    assert read(drifted, "f" * 64, None) == ()


def test_an_alarm_is_acknowledged_once_and_by_whom_is_kept(drifted: Ledger) -> None:
    number = read(drifted, MODEL, None)[0].number
    first = acknowledge(drifted, number, "anna", "a new camera")
    second = acknowledge(drifted, number, "ben")

    assert first.acknowledged is not None
    assert second == first
    assert dataclasses.replace(first, acknowledged=None) != first
    with drifted.engine.connect() as connection:
        actions = connection.execute(select(ACTION)).all()
    assert [(row.by, row.action) for row in actions] == [("anna", "acknowledge alarm")]
    assert orjson.loads(actions[0].detail) == {"alarm": number, "note": "a new camera"}


def test_there_is_no_such_alarm(ledger: Ledger) -> None:
    with pytest.raises(NoAlarmError, match="there is no alarm 77"):
        read_one(ledger, 77, None)
    with pytest.raises(NoAlarmError, match="there is no alarm 77"):
        acknowledge(ledger, 77, "anna")
