"""Expectation-maximisation: a quick fit of the mixture, and where chains may start."""

import dataclasses
from typing import final

import numpy as np
from scipy.special import logsumexp

from explainers.arrays import DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.mixture.fitting.elastic_net import (
    Penalty,
    WeightedGram,
    elastic_net_mode,
    leverage,
    precision_factor,
    root_diagonal,
    tight_scales,
    weighted_gram,
)
from explainers.mixture.fitting.penalties import Lengths, Nets
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression

LEAST_RESPONSIBILITY = 1e-2
CONTENDING = 5.0  # e^-5 < 1e-2: only there may a component's uncertainty matter
MOST_ITERATIONS = 15
SETTLED = 1e-3  # nats per row


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Component:
    """One regression of the mixture.

    Attributes
    ----------
    b
        Shape (columns). Its coefficients' mode, the intercept last where there is one.
    deviation
        Shape (columns). Their standard deviations by the curvature there.
    s2
        Its noise variance.
    factor
        Shape (columns, columns). The lower Cholesky factor of R^{-1}; b has covariance s2 R.

    """

    b: DoubleArray
    deviation: DoubleArray
    s2: float
    factor: DoubleArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Mixture:
    """What expectation-maximisation has found so far; it may hold fewer than J components.

    Attributes
    ----------
    components
        The regressions.
    pi
        Shape (components). Their weights.
    c
        Shape (components). Their nets.
    nets
        The nets.
    responsibilities
        Shape (rows, components). How probable each component is for each row.
    objective
        The log-likelihood of the rows, each component charged for what it does not know.

    """

    components: tuple[Component, ...]
    pi: DoubleArray
    c: IntArray
    nets: Nets
    responsibilities: DoubleArray
    objective: float


def begun(prior: Prior, columns: int, responsibilities: DoubleArray) -> Mixture:
    """Start from responsibilities, shape (rows, components), and know nothing else."""
    count = responsibilities.shape[1]
    return Mixture(
        tuple(_nothing(columns) for _ in range(count)),
        np.full(count, 1.0 / count),
        np.full(count, prior.nets // 2, dtype=np.int64),
        Nets.spread(prior),
        responsibilities,
        -np.inf,
    )


def refined(
    regression: Regression, prior: Prior, found: Mixture, iterations: int = MOST_ITERATIONS
) -> Mixture:
    """Alternate between the components' regressions and the rows' components.

    The E-step charges a component ``x' R x`` for what it does not know (the variational
    reading of the mixture), without which small components would keep the rows that they
    interpolate. The M-step is a weighted elastic net per component, s2 at its mode with b
    integrated out, each component's most probable net, the nets' modes, and pi under a
    Dirichlet(1/J) prior, which empties components that hold less than about one row.

    Parameters
    ----------
    regression
        The rows.
    prior
        The prior.
    found
        Where to start: its responsibilities are read first.
    iterations
        When to stop at the latest.

    Returns
    -------
    Mixture
        The last one, when an iteration changed the objective by less than 0.001 per row.

    Raises
    ------
    FittingError
        When the objective is not a number.

    """
    for _ in range(iterations):
        before = found.objective
        found = expected(regression, maximised(regression, prior, found))
        if not np.isfinite(found.objective):
            raise FittingError(
                f"EM needs a finite likelihood, not {found.objective}: scale y and x"
            )
        if abs(found.objective - before) < SETTLED * len(regression.y):
            break
    return found


def _nothing(columns: int) -> Component:
    return Component(np.zeros(columns), np.zeros(columns), 1.0, np.zeros((0, 0)))


def maximised(regression: Regression, prior: Prior, found: Mixture) -> Mixture:
    """Fit the regressions, their nets and the weights to the responsibilities: the M-step."""
    weights = found.responsibilities.sum(axis=0) + 1.0 / prior.components - 1.0
    kept = np.flatnonzero(weights > 0.0)
    if not len(kept):
        kept = np.array([np.argmax(weights)])
        weights = np.ones_like(weights)
    components = tuple(
        _regressed(
            weighted_gram(regression, found.responsibilities[:, j]),
            _penalty(prior, found.nets, int(found.c[j])),
            found.components[j],
            prior,
        )
        for j in kept
    )
    lengths = _lengths(components, regression.penalised)
    nets, c = found.nets.updated(found.nets.chosen(lengths), lengths, prior)
    return dataclasses.replace(
        found,
        components=components,
        pi=weights[kept] / weights[kept].sum(),
        c=c,
        nets=nets,
    )


def _penalty(prior: Prior, nets: Nets, net: int) -> Penalty:
    precision = 1.0 / prior.intercept if prior.intercept > 0.0 else None
    return Penalty(float(nets.l1[net]), float(nets.l2[net]), precision)


def _regressed(sums: WeightedGram, penalty: Penalty, was: Component, prior: Prior) -> Component:
    b = elastic_net_mode(sums, penalty, was.b, passes=50, tolerance=1e-4)
    size = len(b) - (penalty.intercept is not None)
    cost = penalty.l1 / 2.0 * np.abs(b[:size]).sum() + penalty.l2 * (b[:size] ** 2).sum()
    if penalty.intercept is not None:
        cost += penalty.intercept * b[-1] ** 2
    s2 = (2.0 * prior.b + sums.squares(b) + cost) / (2.0 * prior.a + 2.0 + sums.rows)
    factor = precision_factor(sums, penalty, tight_scales(sums, penalty, b, s2))
    return Component(b, np.sqrt(s2) * root_diagonal(factor), float(s2), factor)


def _lengths(components: tuple[Component, ...], penalised: int) -> Lengths:
    b = np.array([component.b[:penalised] for component in components])
    deviation = np.array([component.deviation[:penalised] for component in components])
    squared = b**2 + deviation**2
    s2 = np.array([component.s2 for component in components])
    return Lengths(np.sqrt(squared).sum(axis=1), squared.sum(axis=1), s2, penalised)


def expected(regression: Regression, found: Mixture) -> Mixture:
    """Say how probable each component is for each of these rows: the E-step."""
    b = np.array([component.b for component in found.components])
    s2 = np.array([component.s2 for component in found.components])
    squares = (regression.y[:, None] - regression.x @ b.T) ** 2
    scores = np.log(found.pi) - 0.5 * np.log(2.0 * np.pi * s2) - squares / (2.0 * s2)
    contending = scores >= scores.max(axis=1, keepdims=True) - CONTENDING
    for j, component in enumerate(found.components):
        rows = np.flatnonzero(contending[:, j])
        scores[rows, j] -= 0.5 * leverage(component.factor, regression.x[rows])
    total = logsumexp(scores, axis=1, keepdims=True)
    shares = np.exp(scores - total)
    shares[shares < LEAST_RESPONSIBILITY] = 0.0
    shares /= shares.sum(axis=1, keepdims=True)
    return dataclasses.replace(found, responsibilities=shares, objective=float(total.sum()))
