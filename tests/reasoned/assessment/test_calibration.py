"""Reliability diagram and calibration error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from explainers.errors import ShapeError
from reasoned.assessment.calibration import (
    calibration_error,
    error_by_chance,
    interval,
    reliability_diagram,
)


def test_bins_and_error_by_hand() -> None:
    estimate = np.array([0.9, 0.5, 0.7, 0.5, np.nan, 0.9])
    agreed = np.array([True, False, False, False, False, True])

    found = reliability_diagram(estimate, agreed, bins=2)

    # Ranks 1.5, 1.5 | 3, 4.5, 4.5 of 5: the middle one falls into the upper half, NaN nowhere.
    assert [one.of for one in found] == [2, 3]
    np.testing.assert_allclose([one.estimate for one in found], [0.5, 2.5 / 3], rtol=1e-12)
    np.testing.assert_allclose([one.observed for one in found], [0.0, 2 / 3], rtol=1e-12)
    expected = 2 / 5 * 0.5 + 3 / 5 * (0.5 / 3)
    np.testing.assert_allclose(calibration_error(found), expected, rtol=1e-12)


def test_nothing_estimated_is_no_error() -> None:
    found = reliability_diagram(np.array([np.nan]), np.array([True]))

    assert found == ()
    assert calibration_error(found) == error_by_chance(found) == 0.0


def test_right_estimates_have_about_the_error_of_chance() -> None:
    rng = np.random.default_rng(0)
    estimate = rng.uniform(0.6, 1.0, 3000)
    errors, chances = [], []
    for _ in range(40):
        found = reliability_diagram(estimate, rng.random(3000) < estimate)
        errors.append(calibration_error(found))
        chances.append(error_by_chance(found))

    # Means of 40 runs of 15 bins each: within a tenth.
    np.testing.assert_allclose(np.mean(errors), np.mean(chances), rtol=0.1)
    off = reliability_diagram(estimate, rng.random(3000) < estimate - 0.05)
    np.testing.assert_allclose(calibration_error(off), 0.05, atol=0.02)


@given(
    st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.75, 0.8, 0.99]), st.booleans()), min_size=1),
    st.integers(1, 15),
)
def test_ties_share_a_bin_and_every_image_is_in_one(
    said: list[tuple[float, bool]], bins: int
) -> None:
    estimate = np.array([value for value, _ in said])
    agreed = np.array([came for _, came in said])

    found = reliability_diagram(estimate, agreed, bins)

    assert sum(one.of for one in found) == len(said)
    assert len(found) <= min(bins, len(set(estimate.tolist())))
    assert [one.estimate for one in found] == sorted({one.estimate for one in found})
    np.testing.assert_allclose(sum(one.of * one.observed for one in found), agreed.sum())
    # The error of bins never exceeds that of single estimates taken one by one.
    assert calibration_error(found) <= np.abs(estimate - agreed).mean() + 1e-12


@given(st.permutations(range(12)))
def test_the_order_of_images_changes_nothing(order: list[int]) -> None:
    rng = np.random.default_rng(1)
    estimate, agreed = rng.choice([0.5, 0.6, 0.9], 12), rng.random(12) < 0.7

    shuffled = reliability_diagram(estimate[order], agreed[order], 4)

    plain = reliability_diagram(estimate, agreed, 4)
    assert [(one.of, one.observed) for one in shuffled] == [(one.of, one.observed) for one in plain]


@pytest.mark.parametrize(("agreed", "of"), [(0, 7), (7, 7), (3, 7), (990, 1000)])
def test_intervals_are_those_of_the_library(agreed: int, of: int) -> None:
    expected = binomtest(agreed, of).proportion_ci(0.95, method="exact")

    np.testing.assert_allclose(interval(agreed, of), (expected.low, expected.high), rtol=1e-9)


def test_each_estimate_needs_an_outcome() -> None:
    with pytest.raises(ShapeError, match=r"agreed must have shape \(images=2\), not \(1,\)"):
        reliability_diagram(np.zeros(2), np.zeros(1, np.bool_))
