import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest

from explainers.mixture.fitting.densities import log_elastic_net, log_mixing, sizes_of
from explainers.mixture.fitting.drawing import draw_prior, draw_prior_mixing, draw_targets
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from tests.explainers.mixture.tiny import WITH, WITHOUT, tiny


@pytest.mark.parametrize("d", [1e-6, 0.03, 1.0, 50.0])
def test_prior_mixing_scales_have_their_density(d: float) -> None:
    draws = draw_prior_mixing(np.full(4_000, d), np.random.default_rng(0))
    s2, l1, l2 = 1.0, 1.0, 1.0 / (8.0 * d)

    for share in (0.1, 0.5, 0.9):
        point = float(np.quantile(draws, share))
        # d (1/tau - 1) = t^2 takes the singular end away.
        end = math.sqrt(d * (1.0 - point) / point)

        def density(t: float) -> float:
            tau = d / (d + t * t)
            return math.exp(log_mixing(np.array([tau]), s2, l1, l2)) * 2.0 * t * tau * tau / d

        expected = quad(density, end, max(8.0, 2.0 * end), limit=200)[0]
        assert abs(expected - share) < 3.0 * math.sqrt(share * (1.0 - share) / len(draws))


@pytest.mark.parametrize("d", [1e-14, 1e8, 1e14])
def test_extreme_mixing_scales_stay_inside_their_range(d: float) -> None:
    draws = draw_prior_mixing(np.full(1_000, d), np.random.default_rng(0))

    assert np.all((draws > 0.0) & (draws < 1.0))


def test_prior_coefficients_have_the_density_of_the_elastic_net() -> None:
    prior = Prior(components=1, nets=1, big_l=8.0, big_r=1.0)
    regression = Regression(np.zeros((1, 8_000)), np.zeros(1), intercept=False)

    state = draw_prior(prior, regression, np.random.default_rng(0))

    s2, l1, l2 = float(state.s2[0]), float(state.l1[0]), float(state.l2[0])
    grid = np.linspace(-1.0, 1.0, 2_001) * np.abs(state.b).max()
    heights = [math.exp(log_elastic_net(s, s2, l1, l2)) for s in sizes_of(grid[:, None])]
    cdf = np.cumsum(heights) / sum(heights)
    assert kstest(state.b[0], lambda x: np.interp(x, grid, cdf)).pvalue > 0.01


def test_intercepts_are_as_wide_as_asked_for() -> None:
    prior = Prior(components=4_000, nets=2, intercept=9.0)
    regression = Regression(np.ones((2, 3)), np.zeros(2), intercept=True)

    state = draw_prior(prior, regression, np.random.default_rng(0))

    assert state.tau.shape == (4_000, 2)
    assert state.b.shape == (4_000, 3)
    assert kstest(state.b[:, -1] / (3.0 * np.sqrt(state.s2)), "norm").pvalue > 0.01


def test_scalars_have_their_priors() -> None:
    regression, _ = tiny(WITHOUT)
    prior, rng = Prior(components=3, nets=2, e=5.0, f=2.0), np.random.default_rng(0)
    states = [draw_prior(prior, regression, rng) for _ in range(1_000)]

    def fits(values: list[float], name: str, *args: float) -> bool:
        return bool(kstest(values, name, args=args).pvalue > 0.01)

    assert fits([s.alpha for s in states], "gamma", 5.0, 0.0, 0.5)
    assert fits([s.s2[1] for s in states], "invgamma", 0.5, 0.0, 0.5)
    assert fits([s.l1[0] for s in states], "gamma", 1.0, 0.0, 2.0)
    assert fits([s.l2[1] for s in states], "gamma", 4.0, 0.0, 2.0)
    assert fits([s.w[0] for s in states], "beta", 0.5, 0.5)


def test_targets_are_normal_around_their_components() -> None:
    regression, state = tiny(WITH)
    rng = np.random.default_rng(0)
    state = dataclasses.replace(state, s2=state.s2 / 4.0)

    draws = np.array([draw_targets(state, regression, rng) for _ in range(500)])

    fitted = np.array([row @ state.b[j] for row, j in zip(regression.x, state.z, strict=True)])
    white = (draws - fitted) / np.sqrt(state.s2[state.z])
    assert kstest(white.ravel(), "norm").pvalue > 0.01
