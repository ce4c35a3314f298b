"""Agreement of groups, maps and columns, worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.stability.agreement import (
    correlation,
    matched_correlation,
    mean_best_overlap,
    rand_index,
)

GROUPS = st.lists(st.integers(0, 4), min_size=2, max_size=30)


def test_best_overlaps_worked_by_hand() -> None:
    # {0, 1} overlaps {0, 1, 2} by 2/3; {2, 3} overlaps {3} by 1/2, and {0, 1, 2} by 1/4. The
    # other way round the best are 2/3 and 1/2 again: 7/12 on either side.
    found = mean_best_overlap(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]))

    assert found == pytest.approx(7 / 12)


def test_a_group_split_in_two_halves() -> None:
    # The whole overlaps each half by 1/2, so does each half the whole.
    assert mean_best_overlap(np.zeros(4), np.array([0, 0, 1, 1])) == pytest.approx(0.5)
    # One group tells nothing about two: no better than chance.
    assert rand_index(np.zeros(4), np.array([0, 0, 1, 1])) == 0.0


def test_a_rand_index_worked_by_hand() -> None:
    # Pairs together in both: (0, 1), 1. In the first 2, in the second 3, of 6 pairs: chance
    # gives 2 * 3 / 6 = 1, the most is (2 + 3) / 2, so (1 - 1) / (2.5 - 1) = 0.
    assert rand_index(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0.0)


@given(GROUPS, st.permutations(range(5)))
def test_the_names_of_groups_do_not_matter(groups: list[int], names: list[int]) -> None:
    one, renamed = np.array(groups), np.array([f"region {names[group]}" for group in groups])

    assert mean_best_overlap(one, renamed) == pytest.approx(1.0)
    assert rand_index(one, renamed) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=30))
def test_overlap_is_the_same_either_way(groups: list[tuple[int, int]]) -> None:
    one, second = np.array(groups).T

    assert mean_best_overlap(one, second) == pytest.approx(mean_best_overlap(second, one))
    assert 0.0 < mean_best_overlap(one, second) <= 1.0


def test_columns_are_matched_whatever_their_order_and_scale() -> None:
    values = np.random.default_rng(0).normal(size=(200, 3))

    assert matched_correlation(values, 2.0 * values[:, [2, 0, 1]] + 1.0) == pytest.approx(1.0)
    # Two of three columns find theirs, the third nothing.
    assert matched_correlation(values, values[:, [1, 2]]) == pytest.approx(2 / 3)
    # What never changes correlates with nothing.
    constant = np.column_stack([values[:, 0], np.ones(200)])
    assert matched_correlation(values[:, [0]], constant) == pytest.approx(0.5)


def test_the_sign_of_a_column_counts() -> None:
    values = np.array([[1.0], [2.0], [4.0]])

    assert matched_correlation(values, -values) == pytest.approx(-1.0)


def test_correlations_of_maps() -> None:
    ramp = np.array([0.0, 1.0, 2.0])

    assert correlation(ramp, 3.0 - ramp) == pytest.approx(-1.0)
    assert math.isnan(correlation(ramp, np.ones(3)))
