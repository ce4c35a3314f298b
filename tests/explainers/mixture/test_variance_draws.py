import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.stats import invgamma, kstest, norm

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.densities import log_elastic_net, sizes_of
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.variance_draws import draw_variances, noises, variance_target
from tests.explainers.mixture.tiny import PENALISED, WITH, WITHOUT, tiny

BOTH = pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])


def log_density(x: float, j: int, state: State, regression: Regression, prior: Prior) -> float:
    """Add the terms up from the model's own densities, with the Jacobian of the log scale."""
    own, s2, net = state.z == j, math.exp(x), state.c[j]
    total = x + float(invgamma.logpdf(s2, prior.a, scale=prior.b))
    fitted = regression.x[own] @ state.b[j]
    total += float(norm.logpdf(regression.y[own], fitted, math.sqrt(s2)).sum())
    size = sizes_of(state.b[j : j + 1, :PENALISED])[0]
    total += log_elastic_net(size, s2, state.l1[net], state.l2[net])
    if prior.intercept:
        total += float(norm.logpdf(state.b[j, -1], 0.0, math.sqrt(s2 * prior.intercept)))
    return total


@BOTH
def test_the_target_is_the_joint_density_up_to_a_constant(prior: Prior) -> None:
    regression, state = tiny(prior)
    found = noises(state, Grams.of(regression, state.z, 3), prior)

    for j in range(3):
        target = variance_target(found[j], prior)
        for x in (-3.0, 0.4, 5.0):
            expected = [log_density(at, j, state, regression, prior) for at in (x, 1.0)]
            assert target(x) - target(1.0) == pytest.approx(expected[0] - expected[1], abs=1e-9)


@BOTH
def test_variances_have_the_distribution_of_brute_force(prior: Prior) -> None:
    regression, state = tiny(prior)
    grams, rng = Grams.of(regression, state.z, 3), np.random.default_rng(0)
    draws: list[DoubleArray] = []
    for _ in range(3_000):
        state = dataclasses.replace(state, s2=draw_variances(state, grams, prior, rng))
        draws.append(np.log(state.s2))

    grid = np.linspace(-6.0, 8.0, 700)
    for j in range(3):
        logs = np.array([log_density(x, j, state, regression, prior) for x in grid.tolist()])
        cdf = cumulative_trapezoid(np.exp(logs - logs.max()), grid, initial=0)
        kept = np.interp(np.array(draws)[::3, j], grid, cdf / cdf[-1])
        assert kstest(kept, "uniform").pvalue > 0.01
