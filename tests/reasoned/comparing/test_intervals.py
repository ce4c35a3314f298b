"""Intervals of paired images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from explainers.arrays import BoolArray
from reasoned.comparing.intervals import drawn_again, paired_difference, share_interval


def _paired(both: int, lost: int, won: int, neither: int) -> tuple[BoolArray, BoolArray]:
    before = np.repeat([True, True, False, False], [both, lost, won, neither])
    after = np.repeat([True, False, True, False], [both, lost, won, neither])
    return before, after


def test_a_difference_worked_by_hand() -> None:
    # (15 - 5) / 100; around (16 - 6) / 102 with the variance (22/102 - (10/102)**2) / 102.
    found = paired_difference(*_paired(60, 5, 15, 20))

    assert found.value == pytest.approx(0.1)
    assert found.low == pytest.approx(0.098039 - 1.959964 * 0.044944, abs=1e-5)
    assert found.high == pytest.approx(0.098039 + 1.959964 * 0.044944, abs=1e-5)


@given(st.integers(0, 200), st.integers(0, 40), st.integers(0, 40), st.integers(1, 200))
def test_the_way_back_is_the_way_there_and_holds_the_difference(
    both: int, lost: int, won: int, neither: int
) -> None:
    before, after = _paired(both, lost, won, neither)
    there, back = paired_difference(before, after), paired_difference(after, before)

    assert (there.value, there.low, there.high) == pytest.approx(
        (-back.value, -back.high, -back.low)
    )
    assert -1 <= there.low <= there.value <= there.high <= 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_it_excludes_zero_where_mcnemar_is_clear(lost: int, won: int) -> None:
    found = paired_difference(*_paired(1000, lost, won, 1000))
    chance = binomtest(lost, lost + won).pvalue if lost + won else 1.0

    if chance < 0.01:
        assert found.low > 0 or found.high < 0
    if chance > 0.1:
        assert found.low <= 0 <= found.high


def test_the_same_on_every_image_is_no_difference() -> None:
    found = paired_difference(*_paired(900, 0, 0, 100))

    assert found.value == 0
    assert found.low < 0 < found.high


def test_a_share_has_wilsons_interval() -> None:
    found = share_interval(np.arange(10) < 1)

    # (0.1 + 3.8415/20 -+ 1.96 * sqrt(0.009 + 3.8415/400)) / (1 + 3.8415/10), by hand.
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.01788, 0.40415), abs=1e-4)


def test_images_drawn_again_give_the_spread_of_a_mean() -> None:
    values = np.random.default_rng(3).normal(size=400)
    rng = np.random.default_rng(0)

    found = drawn_again(lambda rows: float(values[rows].mean()), 400, rng)

    assert found.value == values.mean()
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)
