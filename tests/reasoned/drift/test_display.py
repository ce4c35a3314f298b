"""PSI, JS and intervals, against definitions and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import binomtest

from reasoned.drift.display import Display, display_of, js_distance, psi, wilson
from reasoned.drift.live import read_live
from reasoned.ledger.ledger import Ledger
from tests.reasoned.drift.planted import REFERENCE, decision, drawn, outcome

COUNTS = st.lists(st.integers(0, 500), min_size=3, max_size=8).filter(any)


def display(ledger: Ledger, *, last: int) -> Display:
    with ledger.engine.connect() as connection:
        return display_of(read_live(connection, REFERENCE, last), REFERENCE)


def test_psi_by_hand() -> None:
    # (9.5, 0.5)/10 + ... : 9 and 0 of 9 become 0.95 and 0.05; 4 and 5 become 0.45 and 0.55.
    wanted = 0.5 * math.log(0.95 / 0.45) - 0.5 * math.log(0.05 / 0.55)
    assert psi(np.array([9, 0]), np.array([4, 5])) == pytest.approx(wanted, rel=1e-12)


@given(COUNTS, st.integers(0, 2**32 - 1))
def test_js_is_scipys(counts: list[int], seed: int) -> None:
    other = np.random.default_rng(seed).integers(1, 99, len(counts))
    found = js_distance(np.array(counts), other)
    # scipy takes the root of a difference of the size of rounding.
    assert found == pytest.approx(jensenshannon(counts, other, base=2.0), rel=1e-6, abs=1e-7)
    assert 0.0 <= found <= 1.0


@given(st.integers(0, 300), st.integers(1, 300))
def test_wilson_is_scipys(count: int, of: int) -> None:
    if count > of:
        return
    wanted = binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert wilson(count, of) == pytest.approx((wanted.low, wanted.high), rel=1e-9, abs=1e-12)


def test_nothing_is_known_of_no_request() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_nothing_moved_is_zero() -> None:
    assert psi(np.array([10, 20]), np.array([10, 20])) == pytest.approx(0.0, abs=1e-12)
    assert js_distance(np.array([10, 20]), np.array([1, 2])) == pytest.approx(0.0, abs=1e-7)


def test_a_display_of_the_last_requests(ledger: Ledger) -> None:
    rng = np.random.default_rng(2)
    before = [decision(i, outcome(agrees=False)) for i in range(50)]
    ledger.write([*before, *(decision(50 + i, drawn(rng)) for i in range(1000))])
    shown = display(ledger, last=1000)

    assert shown.n == 1000
    found = {one.name: one for one in shown.divergences}
    assert found.keys() == {"class_mix", "cluster"}  # an image may have many attributes
    assert not found["class_mix"].grey
    assert found["cluster"].cells == 3
    assert found["cluster"].psi < 0.02
    ratios = {one.name: one for one in shown.ratios}
    disagreement = ratios["disagreement"]
    assert disagreement.live is not None
    assert disagreement.low < disagreement.live < disagreement.high < 0.05
    assert (disagreement.reference, disagreement.bound, disagreement.n) == (0.02, 0.05, 1000)
    for one in shown.histograms:
        assert sum(one.live) == sum(one.reference) == 1000
    assert display(ledger, last=999).divergences[0].grey


def test_a_display_of_nothing(ledger: Ledger) -> None:
    shown = display(ledger, last=5)
    assert (shown.n, shown.divergences, shown.shares) == (0, (), ())
    assert [one.live for one in shown.ratios] == [None] * 3
