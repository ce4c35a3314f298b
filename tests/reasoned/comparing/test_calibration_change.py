"""Calibration errors of two models, beside the assessment's."""

import numpy as np
import pytest

from reasoned.assessment.calibration import calibration_error, reliability_diagram
from reasoned.comparing.calibration_change import Statement, calibration_change


def _stated(seed: int, images: int, lie: float) -> Statement:
    rng = np.random.default_rng(seed)
    true = rng.choice([0.5, 0.8, 0.9, 0.99], images)
    return np.minimum(true + lie, 1.0), rng.random(images) < true


def test_both_errors_are_those_of_the_assessment() -> None:
    one, other = _stated(1, 700, 0.0), _stated(2, 700, 0.05)

    before, after, moved = calibration_change(one, other, np.random.default_rng(0))

    assert before == pytest.approx(calibration_error(reliability_diagram(*one)))
    assert after == pytest.approx(calibration_error(reliability_diagram(*other)))
    assert moved.value == pytest.approx(after - before)


def test_a_small_group_with_an_estimate_of_its_own_has_a_bin_of_its_own() -> None:
    # By ranks the first two groups, one too low and one too high, would share a bin.
    estimate = np.array([0.4] * 2 + [0.5] * 2 + [0.6] * 96)
    agreed = np.array([True] * 2 + [False] * 2 + [True] * 48 + [False] * 48)
    one = (estimate, agreed)

    before, _, _ = calibration_change(one, one, np.random.default_rng(0))

    assert before == pytest.approx((2 * 0.6 + 2 * 0.5 + 96 * 0.1) / 100)
    assert before == pytest.approx(calibration_error(reliability_diagram(*one)))


def test_a_lie_is_found_and_chance_is_not() -> None:
    honest, again = _stated(1, 4000, 0.0), _stated(3, 4000, 0.0)
    liar = _stated(1, 4000, 0.08)
    rng = np.random.default_rng(0)

    assert calibration_change(honest, liar, rng)[2].low > 0.02
    chance = calibration_change(honest, again, rng)[2]
    assert chance.low < 0 < chance.high
