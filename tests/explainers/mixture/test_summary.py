import numpy as np
import pytest

from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.summary import (
    assigned_components,
    assigned_rmse,
    predicted,
    predictive_rmse,
    responsibilities_of,
)
from tests.explainers.mixture.regimes import a_posterior

X = np.array([[1.0], [1.0], [2.0]])
Y = np.array([1.1, -0.9, 2.0])
B = np.array([[1.0], [-1.0]])
PI = np.array([0.75, 0.25])


def test_responsibilities_worked_by_hand() -> None:
    regression = Regression(X, Y, intercept=False)

    found = responsibilities_of(regression, B, np.array([1.0, 4.0]), PI)

    # Row 0: 0.75 exp(-0.1^2 / 2) against 0.25 / 2 exp(-2.1^2 / 8).
    one, other = 0.75 * np.exp(-0.005), 0.125 * np.exp(-4.41 / 8.0)
    np.testing.assert_allclose(found[0], [one / (one + other), other / (one + other)])
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_what_y_assigns_is_not_what_x_predicts() -> None:
    regression = Regression(X, Y, intercept=False)
    posterior = a_posterior(regression, B, 0.1, PI)

    np.testing.assert_array_equal(assigned_components(X, Y, posterior), [0, 1, 0])
    assert assigned_rmse(regression, posterior) == pytest.approx(np.sqrt(0.02 / 3))
    # pi @ b is 0.5, whatever the row.
    np.testing.assert_allclose(predicted(X, posterior), [0.5, 0.5, 1.0])
    wanted = np.sqrt((0.6**2 + 1.4**2 + 1.0) / 3)
    assert predictive_rmse(regression, posterior) == pytest.approx(wanted)


def test_certain_is_a_two_sided_interval() -> None:
    regression = Regression(X, Y, intercept=False)

    np.testing.assert_array_equal(
        a_posterior(regression, B, 0.1, PI).certain, np.ones((2, 1), dtype=bool)
    )
    assert not a_posterior(regression, B, 2.0, PI).certain.any()


def test_a_component_of_no_weight_gets_no_row() -> None:
    found = responsibilities_of(
        Regression(X, Y, intercept=False), B, np.ones(2), np.array([1.0, 0.0])
    )

    np.testing.assert_array_equal(found, [[1.0, 0.0]] * 3)
