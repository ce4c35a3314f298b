import numpy as np
import pytest

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.merging import merged, simultaneous_quantile
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.served.words import NO_STRUCTURE
from tests.explainers.mixture.regimes import a_posterior

SHARES = np.array([0.5, 0.3, 0.195, 0.005])


def rows(*, level: float | None = None) -> Regression:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 3))
    y = rng.standard_normal(400)
    if level is None:
        return Regression(x, y, intercept=False)
    return Regression(np.column_stack([x, np.ones(400)]), y + level, intercept=True)


def groups(b: DoubleArray, deviation: float, shares: DoubleArray) -> tuple[tuple[int, ...], ...]:
    return merged(a_posterior(rows(), b, deviation, shares), rows()).groups


def test_distinct_components_stay_and_one_percent_is_dropped() -> None:
    b = 5.0 * np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [1.0, 1.0, 1.0]])

    assert groups(b, 0.01, SHARES) == ((0,), (1,), (2,))


def test_the_same_direction_is_the_same_component() -> None:
    b = 5.0 * np.array([[1.0, 0, 0], [0, 1.0, 0], [1.2, 0.1, 0], [0, 0, 1.0]])

    assert groups(b, 0.01, SHARES) == ((0, 2), (1,))


def test_the_same_direction_at_three_times_the_length_is_not() -> None:
    b = 5.0 * np.array([[1.0, 0, 0], [0, 1.0, 0], [3.0, 0, 0], [0, 0, 1.0]])

    assert groups(b, 0.01, SHARES) == ((0,), (1,), (2,))


def test_overlapping_intervals_are_the_same_only_where_predictions_are() -> None:
    near = np.array([[0.2, 0.0, 0], [0, 0.2, 0]])
    shares = np.array([0.6, 0.4])

    assert groups(near, 0.2, shares) == ((0, 1),)
    assert groups(near, 0.01, shares) == ((0,), (1,))
    # Ten times as far apart, and intervals ten times as wide: the predictions differ now.
    assert groups(10.0 * near, 2.0, shares) == ((0,), (1,))


def test_moments_are_pooled_by_share() -> None:
    b = np.array([[2.0, 0.0, 0.0], [3.0, 0.0, 0.0]])

    found = merged(a_posterior(rows(), b, 0.1, np.array([0.75, 0.25])), rows()).posterior

    np.testing.assert_allclose(found.b, [[2.25, 0.0, 0.0]])
    # Within: 0.1^2. Between: 0.75 * 0.25 * (3 - 2)^2.
    np.testing.assert_allclose(found.deviation[0, 0], np.sqrt(0.01 + 0.1875))
    np.testing.assert_allclose(found.shares, [1.0])
    np.testing.assert_array_equal(found.same_net, [[1.0]])
    np.testing.assert_array_equal(found.z, np.zeros(400))


def test_intercepts_alone_do_not_make_two_components_the_same() -> None:
    # Level -8 outweighs the slopes: with it the cosine is above 0.95, without it it is 0.
    b = np.array([[1.5, 0, 0, -8.0], [0, 1.5, 0, -8.0]])
    regression = rows(level=-8.0)

    found = merged(a_posterior(regression, b, 0.01, np.array([0.6, 0.4])), regression)

    assert found.groups == ((0,), (1,))


@pytest.mark.parametrize(("apart", "wanted"), [(2.0, ((0, 1),)), (9.0, ((0,), (1,)))])
def test_flat_components_are_one_unless_their_levels_are_far_apart(
    apart: float, wanted: tuple[tuple[int, ...], ...]
) -> None:
    b = np.array([[0.0, 0, 0, 1.0], [0.0, 0, 0, 1.0 + apart]])
    regression = rows(level=2.0)

    found = merged(a_posterior(regression, b, 0.05, np.array([0.6, 0.4])), regression)

    assert found.groups == wanted
    assert found.verdict == (NO_STRUCTURE if len(wanted) == 1 else "")
    if len(wanted) == 1:
        # Noise 1 about each level, and the levels 2 apart at 0.6 and 0.4.
        np.testing.assert_allclose(found.posterior.s2, [1.0 + 0.6 * 0.4 * 4.0])


def test_one_sparse_component_is_not_without_structure() -> None:
    b = np.array([[3.0, 0.0, 0.0]])

    assert merged(a_posterior(rows(), b, 0.05, np.ones(1)), rows()).verdict == ""


def test_wide_intervals_that_explain_y_together_are_structure() -> None:
    x = np.repeat(np.random.default_rng(0).standard_normal((400, 1)), 3, axis=1)
    regression = Regression(x, 3.0 * x[:, 0], intercept=False)

    found = merged(a_posterior(regression, np.ones((1, 3)), 2.0, np.ones(1)), regression)

    assert found.verdict == ""


def test_the_simultaneous_quantile_is_bonferronis() -> None:
    assert simultaneous_quantile(1) == pytest.approx(1.959964, abs=1e-6)
    assert simultaneous_quantile(60) == pytest.approx(3.3415, abs=1e-3)
