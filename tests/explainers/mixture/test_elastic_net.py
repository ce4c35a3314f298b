import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import ElasticNet

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.elastic_net import (
    Penalty,
    elastic_net_mode,
    leverage,
    precision_factor,
    root_diagonal,
    weighted_gram,
)
from explainers.mixture.fitting.regression import Regression

ROWS, FEATURES = 120, 5


def problem(*, intercept: bool) -> tuple[Regression, DoubleArray]:
    rng = np.random.default_rng(3)
    x = rng.standard_normal((ROWS, FEATURES))
    y = x @ np.array([2.0, -1.0, 0.02, 0.0, 0.5]) + 1.5 + rng.standard_normal(ROWS)
    if intercept:
        x = np.column_stack([x, np.ones(ROWS)])
    weights = rng.uniform(size=ROWS) * (rng.uniform(size=ROWS) < 0.8)
    return Regression(x, y, intercept), weights


def generic_mode(regression: Regression, weights: DoubleArray, penalty: Penalty) -> DoubleArray:
    """Split b into two positive parts, which makes the problem smooth, and hand it to L-BFGS-B."""
    p = regression.penalised
    free = regression.x.shape[1] - p

    def cost(parts: DoubleArray) -> tuple[float, DoubleArray]:
        plus, minus, rest = parts[:p], parts[p : 2 * p], parts[2 * p :]
        b = np.concatenate([plus - minus, rest])
        residual = regression.y - regression.x @ b
        slope = -2.0 * regression.x.T @ (weights * residual)
        slope[:p] += 2.0 * penalty.l2 * b[:p]
        slope[p:] += 2.0 * (penalty.intercept or 0.0) * rest
        value = weights @ residual**2 + penalty.l1 * (plus + minus).sum()
        value += penalty.l2 * (b[:p] ** 2).sum() + (penalty.intercept or 0.0) * (rest**2).sum()
        gradient = np.concatenate([slope[:p] + penalty.l1, penalty.l1 - slope[:p], slope[p:]])
        return float(value), gradient

    bounds = [(0.0, None)] * (2 * p) + [(None, None)] * free
    start = np.zeros(2 * p + free)
    found = minimize(cost, start, jac=True, bounds=bounds, method="L-BFGS-B", tol=1e-15).x
    return np.concatenate([found[:p] - found[p : 2 * p], found[2 * p :]])


@pytest.mark.parametrize("intercept", [False, True])
def test_the_mode_is_that_of_a_generic_optimiser(intercept: bool) -> None:  # noqa: FBT001  a case
    regression, weights = problem(intercept=intercept)
    penalty = Penalty(60.0, 3.0, 0.01 if intercept else None)

    found = elastic_net_mode(
        weighted_gram(regression, weights),
        penalty,
        np.zeros(regression.x.shape[1]),
        tolerance=1e-14,
    )

    np.testing.assert_allclose(found, generic_mode(regression, weights, penalty), atol=1e-6)
    assert np.any(found == 0.0)


def test_the_mode_is_that_of_scikit_learn_on_the_weighted_rows() -> None:
    regression, weights = problem(intercept=False)
    l1, l2, n = 8.0, 3.0, weights.sum()
    peer = ElasticNet(
        alpha=(l1 / 2 + l2) / n, l1_ratio=(l1 / 2) / (l1 / 2 + l2), fit_intercept=False, tol=1e-12
    ).fit(regression.x, regression.y, sample_weight=weights)

    found = elastic_net_mode(
        weighted_gram(regression, weights),
        Penalty(l1, l2, None),
        np.zeros(FEATURES),
        tolerance=1e-14,
    )

    np.testing.assert_allclose(found, peer.coef_, atol=1e-8)


def test_constant_columns_do_no_harm() -> None:
    regression, weights = problem(intercept=True)
    x = regression.x.copy()
    x[:, 1] = 0.0
    x[:, 2] = x[:, 0]

    found = elastic_net_mode(
        weighted_gram(Regression(x, regression.y, intercept=True), weights),
        Penalty(1.0, 1.0, 0.01),
        np.zeros(FEATURES + 1),
    )

    assert found[1] == 0.0
    np.testing.assert_allclose(found[0], found[2], rtol=1e-3)


def test_the_sums_are_the_plain_ones() -> None:
    regression, weights = problem(intercept=True)
    b = np.linspace(-1.0, 1.0, FEATURES + 1)

    sums = weighted_gram(regression, weights)

    np.testing.assert_allclose(sums.gram, regression.x.T @ np.diag(weights) @ regression.x)
    residual = regression.y - regression.x @ b
    np.testing.assert_allclose(sums.squares(b), weights @ residual**2, rtol=1e-12)
    assert sums.rows == pytest.approx(weights.sum())


def test_curvature_and_leverage_are_those_of_the_inverse() -> None:
    regression, weights = problem(intercept=True)
    sums = weighted_gram(regression, weights)
    scales = np.linspace(1.0, 3.0, FEATURES)

    factor = precision_factor(sums, Penalty(1.0, 1.0, 0.5), scales)

    inverse = np.linalg.inv(sums.gram + np.diag([*scales, 0.5]))
    np.testing.assert_allclose(root_diagonal(factor) ** 2, np.diagonal(inverse), rtol=1e-10)
    expected = np.einsum("ip,pq,iq->i", regression.x, inverse, regression.x)
    np.testing.assert_allclose(leverage(factor, regression.x), expected, rtol=1e-10)
