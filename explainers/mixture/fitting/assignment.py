"""Steps 1 to 3 of the sweep: which component each row belongs to, and how large they are."""

import dataclasses
import math
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Assigned:
    """A draw of z, and what was computed on the way.

    Attributes
    ----------
    z
        Shape (rows).
    log_likelihood
        log p(y) under the parameters that z was drawn with, z summed out.

    """

    z: IntArray
    log_likelihood: float


def log_joint(state: State, regression: Regression) -> DoubleArray:
    """Give log pi_j Normal(y_i | x_i' b_j, s2_j), shape (components, rows)."""
    squares = state.b @ regression.x.T
    squares -= regression.y
    squares *= squares
    squares *= (-0.5 / state.s2)[:, None]
    squares += (state.log_pi - 0.5 * np.log(2.0 * math.pi * state.s2))[:, None]
    return squares


def assign(state: State, regression: Regression, rng: np.random.Generator) -> Assigned:
    """Draw z, step 1.

    Raises
    ------
    FittingError
        Where the densities of a row are not numbers.

    """
    logs = log_joint(state, regression)
    highest = logs.max(axis=0)
    logs -= highest
    weights = np.exp(logs, out=logs)
    log_likelihood = float((highest + np.log(weights.sum(axis=0))).sum())
    if not math.isfinite(log_likelihood):
        raise FittingError(
            f"the log-likelihood must be a number, but is {log_likelihood}: the state or the "
            "targets hold NaN, or values beyond what squares can hold"
        )
    # The largest of log p + Gumbel noise has the smallest of (standard exponential) / p.
    weights /= rng.standard_exponential(weights.shape)
    return Assigned(weights.argmax(axis=0), log_likelihood)


def break_stick(rows: IntArray, alpha: float, rng: np.random.Generator) -> DoubleArray:
    """Draw log pi, shape (components), from the counts n_j: step 2.

    The Beta draws are made of Gamma draws on the log scale: a stick that is all but used up
    leaves a remainder that is not zero.
    """
    after = (rows.sum() - np.cumsum(rows)).astype(np.float64)
    log_used = _log_gamma(1.0 + rows[:-1].astype(np.float64), rng)
    log_left = _log_gamma(alpha + after[:-1], rng)
    both = np.logaddexp(log_used, log_left)
    log_pi = np.zeros(len(rows))
    log_pi[:-1] = log_used - both
    log_pi[1:] += np.cumsum(log_left - both)
    return log_pi


def _log_gamma(shape: DoubleArray, rng: np.random.Generator) -> DoubleArray:
    # Gamma(a) is Gamma(a + 1) U^(1/a), which does not underflow for a small a.
    return np.log(rng.standard_gamma(shape + 1.0)) - rng.standard_exponential(len(shape)) / shape


def draw_alpha(log_pi: DoubleArray, prior: Prior, rng: np.random.Generator) -> float:
    """Draw alpha, step 3; the logs of 1 - u_j add up to the last log pi."""
    shape = prior.e + prior.components - 1
    return float(rng.gamma(shape) / (prior.f - log_pi[-1]))
