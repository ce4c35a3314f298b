"""Where the detectors stand, as it is shown."""

import math

import numpy as np
import pytest

from reasoned.drift.monitor import Monitor
from reasoned.drift.status import read_status, stood_run_length
from reasoned.ledger.ledger import Ledger
from tests.reasoned.drift.planted import MODEL, REFERENCE, decision, drawn, outcome

NAMES = [
    *("disagreement", "out_of_support", "neighbour_distance", "confidence", "class_mix"),
    *("attribute", "cluster"),
]


def test_before_anything_was_counted(ledger: Ledger) -> None:
    found = read_status(ledger, REFERENCE, run_length=1000)

    assert (found.model, found.counted, found.updated, found.lag) == (MODEL, 0, None, 0)
    assert [one.name for one in found.signals] == NAMES
    assert {one.evidence for one in found.signals} == {0.0}
    assert found.shares == ()
    assert stood_run_length(ledger, MODEL) is None


def test_after_some_requests(ledger: Ledger) -> None:
    rng = np.random.default_rng(4)
    ledger.write([decision(i, drawn(rng)) for i in range(400)])
    monitor = Monitor(ledger, REFERENCE, run_length=1000, feedback=True, owner="one")
    monitor.step()
    ledger.write([decision(400 + i, drawn(rng, disagree=1.0)) for i in range(100)])
    behind = read_status(ledger, REFERENCE, run_length=1000)
    monitor.step()
    found = read_status(ledger, REFERENCE, run_length=1000)

    assert (behind.counted, behind.lag) == (400, 100)
    assert (found.counted, found.lag) == (500, 0)
    assert found.updated is not None
    assert [one.name for one in found.signals] == [*NAMES, "feedback_error"]
    disagreement = found.signals[0]
    assert disagreement.alarms == 1
    assert disagreement.counted < 100
    assert disagreement.threshold == pytest.approx(math.log10(8000))
    cluster = next(one for one in found.signals if one.name == "cluster")
    assert cluster.counted == 500
    assert 0.0 < cluster.evidence < cluster.threshold
    assert stood_run_length(ledger, MODEL) == 1000


def test_another_run_length_is_shown_as_it_will_begin(ledger: Ledger) -> None:
    ledger.write([decision(i, outcome()) for i in range(50)])
    Monitor(ledger, REFERENCE, run_length=1000, feedback=False, owner="one").step()
    found = read_status(ledger, REFERENCE, run_length=500)

    assert found.counted == 50
    assert {one.counted for one in found.signals} == {0}


def test_shares_are_of_the_last_requests(ledger: Ledger) -> None:
    new = outcome(cited=(("cluster", "new"),))
    ledger.write([decision(i, outcome() if i < 75 else new) for i in range(100)])
    shares = read_status(ledger, REFERENCE, run_length=1000).shares
    found = {(one.kind, one.key): (one.reference, one.live, one.n) for one in shares}

    assert found["cluster", "c-1"] == (0.7, 0.75, 100)
    assert found["cluster", "other"] == (0.0, 0.25, 100)
    assert found["class_mix", "cat"] == (0.5, 1.0, 100)
    assert found["attribute", "stripes"] == (0.4, 0.75, 100)
