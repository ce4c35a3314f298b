"""How probable the assignment of a draw is, to choose one draw of a chain."""

import math

import numpy as np
from scipy.special import gammaln

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State


def log_posterior(state: State, regression: Regression, prior: Prior) -> float:
    """Give log p(z, alpha, y | b, s2), the stick integrated out.

    As a function of z and alpha this is their log posterior. The prior densities of b and s2
    are left out: those of a component that holds a single row change by 50 with its scale
    where there are 60 coefficients, and draws with such a component would always win.
    """
    fitted = np.einsum("ip,ip->i", regression.x, state.b[state.z])
    rows = np.bincount(state.z, minlength=prior.components)
    squares = np.zeros(prior.components)
    np.add.at(squares, state.z, (regression.y - fitted) ** 2)
    return log_posterior_of(state, rows, squares, prior)


def log_posterior_of(
    state: State, rows: IntArray, residual_squares: DoubleArray, prior: Prior
) -> float:
    """Give the same from n_j and RSS_j, shapes (components), without another look at the rows."""
    spread = rows * np.log(2.0 * math.pi * state.s2) + residual_squares / state.s2
    log_alpha = prior.e * math.log(prior.f) - math.lgamma(prior.e)
    log_alpha += (prior.e - 1.0) * math.log(state.alpha) - prior.f * state.alpha
    return log_assignment(rows, state.alpha) + log_alpha - 0.5 * float(spread.sum())


def log_assignment(rows: IntArray, alpha: float) -> float:
    """Give log p(z | alpha) from n_j, shape (components), the stick integrated out."""
    after = (rows.sum() - np.cumsum(rows))[:-1]
    own = rows[:-1]
    sticks = gammaln(1.0 + own) + gammaln(alpha + after) - gammaln(1.0 + alpha + own + after)
    return float(sticks.sum()) + len(own) * math.log(alpha)
