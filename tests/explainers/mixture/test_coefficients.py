import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import invgauss, kstest, levy

from explainers.errors import FittingError
from explainers.mixture.fitting.coefficients import (
    draw_coefficients,
    draw_mixing,
    inverse_gaussian,
    prior_precisions,
)
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.prior import Prior
from tests.explainers.mixture.tiny import WITH, WITHOUT, tiny


@pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])
def test_coefficients_have_the_normal_of_the_closed_form(prior: Prior) -> None:
    regression, state = tiny(prior)
    grams, rng = Grams.of(regression, state.z, 3), np.random.default_rng(0)

    draws = np.array([draw_coefficients(state, grams, prior, rng) for _ in range(6_000)])

    for j in range(3):
        own = state.z == j
        precision = state.l2[state.c[j]] / (1.0 - state.tau[j])
        if prior.intercept:
            precision = np.append(precision, 1.0 / 4.0)
        r = np.linalg.inv(regression.x[own].T @ regression.x[own] + np.diag(precision))
        mean = r @ regression.x[own].T @ regression.y[own]
        # Whitened by the closed form, every coordinate is a standard normal.
        white = np.linalg.solve(np.linalg.cholesky(state.s2[j] * r), (draws[:, j] - mean).T)
        for coordinate in white:
            assert kstest(coordinate, "norm").pvalue > 0.005
        np.testing.assert_allclose(np.cov(white), np.eye(len(mean)), atol=0.06)


def test_an_intercept_is_not_penalised() -> None:
    _, state = tiny(WITH)

    found = prior_precisions(dataclasses.replace(state, l2=state.l2 * 1e3), WITH)

    np.testing.assert_array_equal(found[:, -1], 0.25)
    np.testing.assert_allclose(found[:, :-1], 1e3 * prior_precisions(state, WITH)[:, :-1])


def test_what_is_not_finite_is_an_error() -> None:
    regression, state = tiny(WITHOUT)
    grams = Grams.of(regression, state.z, 3)
    broken = dataclasses.replace(state, s2=np.array([1.0, math.nan, 1.0]))

    with pytest.raises(FittingError, match=r"coefficients of components \[1\] must be finite"):
        draw_coefficients(broken, grams, WITHOUT, np.random.default_rng(0))


def test_a_matrix_that_is_not_positive_definite_is_an_error() -> None:
    regression, state = tiny(WITHOUT)
    grams = Grams.of(regression, state.z, 3)
    grams.xx[0] -= 1e6 * np.eye(3)

    with pytest.raises(FittingError, match="matrix of 3 coefficients must be positive definite"):
        draw_coefficients(state, grams, WITHOUT, np.random.default_rng(0))


@pytest.mark.parametrize(("mean", "shape"), [(1.0, 1.0), (3.0, 0.2), (0.1, 40.0)])
def test_inverse_gaussians_have_their_distribution(mean: float, shape: float) -> None:
    draws = inverse_gaussian(np.full(4_000, mean), np.full(4_000, shape), np.random.default_rng(0))

    assert kstest(draws, invgauss(mean / shape, scale=shape).cdf).pvalue > 0.01


@pytest.mark.parametrize("mean", [1e9, 1e16, 1e18])
def test_with_a_boundless_mean_they_have_their_limit(mean: float) -> None:
    draws = inverse_gaussian(np.full(4_000, mean), np.full(4_000, 2.0), np.random.default_rng(0))

    assert kstest(draws, levy(scale=2.0).cdf).pvalue > 0.01


def test_mixing_scales_have_the_distribution_of_brute_force() -> None:
    _, state = tiny(WITHOUT)
    rng = np.random.default_rng(0)
    net = state.c[0]
    b, s2, l1, l2 = state.b[0, 0], state.s2[0], state.l1[net], state.l2[net]
    d = l1**2 / (8.0 * l2 * s2)

    def density(tau: float) -> float:
        spread = (1.0 - tau) * s2 / l2
        prior = tau**-1.5 * math.exp(-d / tau)
        return float(prior * math.exp(-0.5 * b * b / spread) / math.sqrt(spread))

    whole = quad(density, 0.0, 1.0)[0]
    draws = np.array([draw_mixing(state, rng)[0, 0] for _ in range(2_000)])

    for point in (0.2, 0.4, 0.6, 0.8):
        expected = quad(density, 0.0, point)[0] / whole
        error = math.sqrt(expected * (1.0 - expected) / len(draws))
        assert abs((draws < point).mean() - expected) < 3.0 * error


def test_coefficients_of_nothing_leave_mixing_scales_inside_their_range() -> None:
    _, state = tiny(WITHOUT)

    tau = draw_mixing(dataclasses.replace(state, b=0.0 * state.b), np.random.default_rng(0))

    assert np.all((tau > 0.0) & (tau < 1.0))
