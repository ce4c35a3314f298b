import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import chisquare, kstest, norm

from explainers.errors import FittingError
from explainers.mixture.fitting.assignment import assign, break_stick, draw_alpha
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from tests.explainers.mixture.tiny import WITHOUT, tiny


def test_rows_go_where_enumeration_says() -> None:
    regression, state = tiny(WITHOUT)
    weights = np.array(
        [
            math.exp(state.log_pi[j])
            * norm.pdf(regression.y[0], regression.x[0] @ state.b[j], math.sqrt(state.s2[j]))
            for j in range(3)
        ]
    )
    x, y = np.repeat(regression.x[:1], 20_000, axis=0), np.repeat(regression.y[:1], 20_000)
    same = Regression(x, y, intercept=False)

    found = assign(state, same, np.random.default_rng(0))

    counts = np.bincount(found.z, minlength=3)
    assert chisquare(counts, 20_000 * weights / weights.sum()).pvalue > 0.01
    assert found.log_likelihood == pytest.approx(20_000 * math.log(weights.sum()))


def test_rows_far_from_every_component_still_belong_to_one() -> None:
    regression, state = tiny(WITHOUT)
    y = regression.y + np.where(regression.x[:, 0] > 0.0, 1e8, -1e8)
    far = Regression(regression.x, y, intercept=False)

    found = assign(state, far, np.random.default_rng(0))

    assert np.all(found.z == 1)  # the widest
    assert math.isfinite(found.log_likelihood)


def test_a_nan_is_an_error() -> None:
    regression, state = tiny(WITHOUT)
    b = state.b.copy()
    b[1, 2] = math.nan

    with pytest.raises(FittingError, match="log-likelihood must be a number, but is nan"):
        assign(dataclasses.replace(state, b=b), regression, np.random.default_rng(0))


def test_the_stick_breaks_as_beta_draws_do() -> None:
    rng, rows, alpha = np.random.default_rng(0), np.array([3, 0, 5]), 0.7
    pi = np.exp([break_stick(rows, alpha, rng) for _ in range(2_000)])

    np.testing.assert_allclose(pi.sum(axis=1), 1.0, rtol=1e-12)
    assert kstest(pi[:, 0], "beta", args=(4.0, alpha + 5.0)).pvalue > 0.01
    assert kstest(pi[:, 1] / (1.0 - pi[:, 0]), "beta", args=(1.0, alpha + 5.0)).pvalue > 0.01


def test_a_stick_used_up_leaves_a_remainder() -> None:
    rng = np.random.default_rng(0)

    log_pi = np.array([break_stick(np.array([9, 0, 0]), 1e-4, rng) for _ in range(200)])

    assert np.all(np.isfinite(log_pi))
    assert log_pi[:, -1].min() < math.log(np.finfo(np.float64).tiny)


def test_one_component_takes_the_whole_stick() -> None:
    assert break_stick(np.array([7]), 1.0, np.random.default_rng(0)).tolist() == [0.0]


def test_alpha_is_a_gamma_draw_whose_rate_is_worked_by_hand() -> None:
    # u = (1/2, 1/2): f - log(1/2) - log(1/2) = 2 + log 4, shape 3 + 2.
    log_pi, prior = np.log([0.5, 0.25, 0.25]), Prior(components=3, e=3.0, f=2.0)
    rng = np.random.default_rng(0)

    draws = [draw_alpha(log_pi, prior, rng) for _ in range(2_000)]

    assert kstest(draws, "gamma", args=(5.0, 0.0, 1.0 / (2.0 + math.log(4.0)))).pvalue > 0.01
