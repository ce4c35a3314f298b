"""Steps 4 and 8 of the sweep: coefficients, and the mixing scales of their normal form."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from explainers.arrays import DoubleArray
from explainers.errors import FittingError
from explainers.mixture.fitting.densities import FLOOR
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.state import State


def prior_precisions(state: State, prior: Prior) -> DoubleArray:
    """Give s2_j times the prior precision of every coefficient, shape (components, columns)."""
    penalised = state.l2[state.c][:, None] / np.maximum(1.0 - state.tau, FLOOR)
    if not prior.intercept:
        return penalised
    free = np.full((len(penalised), 1), 1.0 / prior.intercept)
    return np.concatenate([penalised, free], axis=1)


def draw_coefficients(
    state: State, grams: Grams, prior: Prior, rng: np.random.Generator
) -> DoubleArray:
    """Draw b, shape (components, columns): step 4.

    A component without rows draws from the prior, which needs no factorisation.

    Raises
    ------
    FittingError
        Where a component's precision matrix is not positive definite, or a draw not finite.

    """
    precisions = prior_precisions(state, prior)
    noise = rng.standard_normal(precisions.shape) * np.sqrt(state.s2)[:, None]
    b = noise / np.sqrt(precisions)
    for j in np.flatnonzero(grams.rows):
        b[j] = _posterior(grams.xx[j], grams.xy[j], precisions[j], noise[j])
    if not np.all(np.isfinite(b)):
        wrong = np.flatnonzero(~np.isfinite(b).all(axis=1)).tolist()
        raise FittingError(
            f"the coefficients of components {wrong} must be finite, but hold NaN or infinity: "
            "their noise variances, penalties or sums of products do"
        )
    return b


def _posterior(
    xx: DoubleArray, xy: DoubleArray, precisions: DoubleArray, noise: DoubleArray
) -> DoubleArray:
    # Symmetric, so its transpose is itself in the order that LAPACK overwrites in place.
    precision = xx.copy().T
    precision.ravel(order="K")[:: len(xx) + 1] += precisions
    try:
        lower = cholesky(precision, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError as error:
        raise FittingError(
            f"the precision matrix of {len(xx)} coefficients must be positive definite: {error}"
        ) from error
    half = solve_triangular(lower, xy, lower=True, check_finite=False)
    return solve_triangular(lower, half + noise, lower=True, trans="T", check_finite=False)


def draw_mixing(state: State, rng: np.random.Generator) -> DoubleArray:
    """Draw tau, shape (components, penalised), from b, s2, c, l1 and l2: step 8."""
    penalised = state.tau.shape[1]
    l1, l2 = state.l1[state.c][:, None], state.l2[state.c][:, None]
    absolute = np.maximum(np.abs(state.b[:, :penalised]), FLOOR)
    ratio = inverse_gaussian(
        mean=l1 / (2.0 * l2 * absolute), shape=l1 * l1 / (4.0 * l2 * state.s2[:, None]), rng=rng
    )
    return np.clip(ratio / (1.0 + ratio), FLOOR, 1.0 - FLOOR)


def inverse_gaussian(
    mean: DoubleArray, shape: DoubleArray, rng: np.random.Generator
) -> DoubleArray:
    """Draw inverse Gaussians, shape of `mean`, by the roots of Michael, Schucany and Haas.

    The roots are reciprocal, so the smaller one needs no difference. numpy's own draw takes
    one, and is zero for a mean 1e16 times the shape (before version 2.3 noise at 1e8 times):
    such means are those of coefficients near zero.
    """
    half = mean * rng.standard_normal(mean.shape) ** 2 / (2.0 * shape)
    smaller = 1.0 / (1.0 + half + np.sqrt(half * (2.0 + half)))
    keep = rng.random(mean.shape) * (1.0 + smaller) <= 1.0
    return mean * np.where(keep, smaller, 1.0 / smaller)
