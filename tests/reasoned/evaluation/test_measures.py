"""What is counted on a score before and after, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers.arrays import DoubleArray
from explainers.errors import ShapeError
from reasoned.evaluation.measures import (
    average_drop,
    average_increase,
    jaccard,
    rank_correlation,
)

scores = arrays(np.float64, 7, elements=st.floats(0, 1, allow_subnormal=False))


def test_by_hand() -> None:
    before, after = np.array([0.8, 0.5]), np.array([0.4, 0.6])

    assert average_drop(before, after) == 0.25  # (0.4 / 0.8 + 0) / 2
    assert average_increase(before, after) == 0.5


def test_an_equal_score_neither_drops_nor_increases() -> None:
    before = np.array([0.3, 1.0])

    assert (average_drop(before, before), average_increase(before, before)) == (0.0, 0.0)


def test_a_score_of_nothing_has_nothing_to_lose() -> None:
    assert average_drop(np.array([0.0, 0.5]), np.array([0.0, 0.0])) == 0.5


@given(scores, scores)
def test_both_are_shares(before: DoubleArray, after: DoubleArray) -> None:
    assert 0 <= average_drop(before, after) <= 1
    assert average_increase(before, after) + average_increase(after, before) <= 1
    lost = np.array([max(0.0, b - a) / b if b > 0 else 0.0 for b, a in zip(before, after)])  # noqa: B905  of one strategy
    np.testing.assert_allclose(average_drop(before, after), lost.mean(), rtol=1e-12)


def test_unpaired_scores_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"must have shape \(images=2\), not \(3,\)"):
        average_drop(np.ones(2), np.ones(3))


def test_jaccard_by_hand() -> None:
    first, second = np.array([True, True, False, False]), np.array([True, False, True, False])

    assert jaccard(first, second) == 1 / 3
    assert jaccard(first, first) == 1.0
    assert jaccard(first & ~first, second & ~second) == 1.0


def test_rank_correlation_sees_order_alone() -> None:
    heat = np.array([[1.0, 2.0], [3.0, 9.0]])

    assert rank_correlation(heat, heat**3) == pytest.approx(1.0)
    assert rank_correlation(heat, -heat) == pytest.approx(-1.0)
    assert rank_correlation(heat, np.zeros((2, 2))) is None
