import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.arrays import IntArray
from explainers.mixture.fitting.grams import REFRESH_EVERY, Grams
from explainers.mixture.fitting.regression import Regression

ROWS, COMPONENTS = 30, 4
ASSIGNMENTS = st.lists(st.integers(0, COMPONENTS - 1), min_size=ROWS, max_size=ROWS)


def regression() -> Regression:
    rng = np.random.default_rng(0)
    return Regression(rng.standard_normal((ROWS, 5)), rng.standard_normal(ROWS), intercept=False)


def check_recomputed(grams: Grams, rows: Regression, z: IntArray) -> None:
    for j in range(COMPONENTS):
        x, y = rows.x[z == j], rows.y[z == j]
        np.testing.assert_allclose(grams.xx[j], x.T @ x, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(grams.xy[j], x.T @ y, rtol=0.0, atol=1e-12)
        assert grams.yy[j] == pytest.approx(y @ y, rel=0.0, abs=1e-12)
        assert grams.rows[j] == len(y)


@settings(max_examples=50, deadline=None)
@given(st.lists(ASSIGNMENTS, min_size=2, max_size=6))
def test_following_the_rows_equals_recomputing(walk: list[list[int]]) -> None:
    rows = regression()
    steps = [np.array(z) for z in walk]
    grams = Grams.of(rows, steps[0], COMPONENTS)

    for old, new in itertools.pairwise(steps):
        grams.moved(old, new)
        check_recomputed(grams, rows, new)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 3)), max_size=40))
def test_rows_that_move_one_by_one_are_added_and_subtracted(moves: list[tuple[int, int]]) -> None:
    rows = regression()
    z = np.arange(ROWS) % COMPONENTS
    grams = Grams.of(rows, z, COMPONENTS)

    for row, component in moves:
        moved = z.copy()
        moved[row] = component
        grams.moved(z, moved)
        z = moved

    check_recomputed(grams, rows, z)


def test_an_emptied_component_holds_nothing_at_all() -> None:
    rows, z = regression(), np.arange(ROWS) % COMPONENTS
    grams = Grams.of(rows, z, COMPONENTS)
    joined = np.where(np.arange(ROWS) == 0, 3, z)
    grams.moved(z, joined)

    # One after another, the sums would leave what rounding leaves.
    grams.moved(joined, np.where(joined == 3, 0, joined))

    assert not grams.xx[3].any()
    assert not grams.xy[3].any()
    assert grams.yy[3] == 0.0
    assert grams.rows.tolist() == [15, 8, 7, 0]


def test_every_hundredth_move_recomputes_bit_by_bit() -> None:
    rows, rng = regression(), np.random.default_rng(1)
    z = rng.integers(COMPONENTS, size=ROWS)
    grams = Grams.of(rows, z, COMPONENTS)
    for _ in range(REFRESH_EVERY):
        moved = z.copy()
        moved[rng.integers(ROWS)] = rng.integers(COMPONENTS)
        grams.moved(z, moved)
        z = moved

    fresh = Grams.of(rows, z, COMPONENTS)

    assert np.array_equal(grams.xx, fresh.xx)
    assert np.array_equal(grams.xy, fresh.xy)
    assert np.array_equal(grams.yy, fresh.yy)


def test_residual_squares_are_those_of_the_rows() -> None:
    rows, z = regression(), np.arange(ROWS) % COMPONENTS
    b = np.random.default_rng(2).standard_normal((COMPONENTS, 5))
    residuals = rows.y - np.einsum("ip,ip->i", rows.x, b[z])

    found = Grams.of(rows, z, COMPONENTS).residual_squares(b)

    expected = [float((residuals[z == j] ** 2).sum()) for j in range(COMPONENTS)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_perfect_fit_leaves_nothing_and_never_less() -> None:
    x = np.random.default_rng(3).standard_normal((ROWS, 5))
    b = np.array([[1.0, -2.0, 1e3, 0.1, 0.7]])
    grams = Grams.of(Regression(x, x @ b[0], intercept=False), np.zeros(ROWS, np.int64), 1)

    assert 0.0 <= grams.residual_squares(b)[0] < 1e-6
