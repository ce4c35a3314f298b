"""One component's weighted elastic net: its mode, and how sharp the mode is."""

import dataclasses
import warnings
from typing import final

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import enet_path

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.regression import Regression

JITTER = 1e-10


@final
@dataclasses.dataclass(frozen=True, eq=False)
class WeightedGram:
    """All that a weighted least-squares fit asks of the rows.

    Attributes
    ----------
    gram
        Shape (columns, columns). ``sum_i r_i x_i x_i'``.
    moment
        Shape (columns). ``sum_i r_i x_i y_i``.
    square
        ``sum_i r_i y_i^2``.
    rows
        ``sum_i r_i``.

    """

    gram: DoubleArray
    moment: DoubleArray
    square: float
    rows: float

    def squares(self, b: DoubleArray) -> float:
        """Give the weighted residual sum of squares of coefficients `b`."""
        return max(float(self.square - 2.0 * b @ self.moment + b @ self.gram @ b), 0.0)


@final
@dataclasses.dataclass(frozen=True)
class Penalty:
    """What the coefficients cost: ``l1 |b|_1 + l2 |b|_2^2``, and the intercept its precision.

    Attributes
    ----------
    l1, l2
        The penalties of the component's net.
    intercept
        1/V_0, the cost of the squared intercept; None where there is none.

    """

    l1: float
    l2: float
    intercept: float | None


def weighted_gram(regression: Regression, weights: DoubleArray) -> WeightedGram:
    """Sum up the rows under weights, shape (rows); rows of weight 0 cost nothing."""
    some = np.flatnonzero(weights)
    r = weights[some]
    y = regression.y[some]
    x = regression.x[some]
    scaled = x * np.sqrt(r)[:, None]
    return WeightedGram(scaled.T @ scaled, x.T @ (r * y), float(r @ y**2), float(r.sum()))


def elastic_net_mode(
    sums: WeightedGram,
    penalty: Penalty,
    start: DoubleArray,
    *,
    passes: int = 1_000,
    tolerance: float = 1e-6,
) -> DoubleArray:
    """Minimise ``sum_i r_i (y_i - x_i'b)^2 + l1 |b|_1 + l2 |b|_2^2`` by coordinate descent.

    The intercept is solved for and put in, which leaves a Gram matrix of the others; its
    Cholesky factor stands in for the rows, so that scikit-learn sees as many rows as columns.
    Stops after `passes` in any case: inside an EM iteration a better b is enough.

    Parameters
    ----------
    sums
        The rows.
    penalty
        The penalties.
    start
        Shape (columns). Where to start.
    passes, tolerance
        When to stop, as scikit-learn's ``max_iter`` and ``tol``.

    Returns
    -------
    DoubleArray
        Shape (columns). The mode; the intercept last, where there is one.

    """
    gram, moment = _without_intercept(sums, penalty)
    size = len(gram)
    factor = cholesky(gram + np.eye(size) * (JITTER * (np.trace(gram) / size + 1e-300)), lower=True)
    target = solve_triangular(factor, moment, lower=True)
    half = penalty.l1 / 2.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        path = enet_path(
            factor.T,
            target,
            l1_ratio=half / (half + penalty.l2),
            alphas=[(half + penalty.l2) / size],
            coef_init=start[:size].copy(),
            precompute=False,
            max_iter=passes,
            tol=tolerance,
        )[1]
    b = np.asarray(path[:, 0], dtype=np.float64)
    if penalty.intercept is None:
        return b
    last = (sums.moment[-1] - sums.gram[-1, :-1] @ b) / (sums.gram[-1, -1] + penalty.intercept)
    return np.append(b, last)


def _without_intercept(sums: WeightedGram, penalty: Penalty) -> tuple[DoubleArray, DoubleArray]:
    if penalty.intercept is None:
        return sums.gram, sums.moment
    column = sums.gram[:-1, -1]
    precision = sums.gram[-1, -1] + penalty.intercept
    gram = sums.gram[:-1, :-1] - np.outer(column, column) / precision
    return gram, sums.moment[:-1] - column * (sums.moment[-1] / precision)


def tight_scales(sums: WeightedGram, penalty: Penalty, b: DoubleArray, s2: float) -> DoubleArray:
    """Give the expected ``l2 / (1 - tau)`` of the scale mixture, shape (penalised).

    Given b it is ``l2 + l1 / (2 |b|)``; |b| is read as the root of b^2 plus the variance that
    the data alone leave it, since a coefficient at 0 is not known to be 0.
    """
    size = len(b) - (penalty.intercept is not None)
    spread = s2 / (np.diagonal(sums.gram)[:size] + penalty.l2)
    return np.asarray(penalty.l2 + penalty.l1 / (2.0 * np.sqrt(b[:size] ** 2 + spread)))


def precision_factor(sums: WeightedGram, penalty: Penalty, scales: DoubleArray) -> DoubleArray:
    """Give the lower Cholesky factor of ``R^{-1}``, which is ``X'X`` and the scales."""
    precision = sums.gram.copy()
    diagonal = np.einsum("ii->i", precision)
    diagonal[: len(scales)] += scales
    if penalty.intercept is not None:
        diagonal[-1] += penalty.intercept
    return np.asarray(cholesky(precision, lower=True, overwrite_a=True))


def root_diagonal(factor: DoubleArray) -> DoubleArray:
    """Give the square roots of the diagonal of R from the factor of its inverse."""
    inverse = solve_triangular(factor, np.eye(len(factor)), lower=True)
    return np.asarray(np.sqrt((inverse**2).sum(axis=0)))


def leverage(factor: DoubleArray, x: DoubleArray) -> DoubleArray:
    """Give ``x_i' R x_i`` for each row of `x`, shape (rows)."""
    return np.asarray((solve_triangular(factor, x.T, lower=True) ** 2).sum(axis=0))
