"""What is known of the mixture once the chains are over."""

import dataclasses
from typing import final

import numpy as np
from scipy.special import logsumexp

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.mixture.fitting.regression import Regression

HALF_TAIL = 0.025


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior means of the mixture, in one order of its components.

    Attributes
    ----------
    b, deviation, positive
        Shape (components, columns). Mean, standard deviation and P(b > 0) of the
        coefficients, over the draws in which the component held more than 1 % of the rows.
    s2, pi, shares, l1, l2
        Shape (components). Noise variance and the penalties of the component's net (means
        of their logarithms); the weight and the share of the rows (means).
    same_net
        Shape (components, components). How probably two components use one net.
    z
        Shape (rows). The final assignment, by the largest responsibility.
    responsibilities
        Shape (rows, components). Of each component for each row, *given its y*.
    occupied_mean
        How many components hold more than 1 % of the rows, on average over all chains, those
        that are not kept included.
    r_hat
        Split R-hat of each label-invariant statistic; empty where there are no chains.
    log_likelihood
        The mean log-likelihood.
    paired_rows, together
        Shapes (paired rows) and (paired rows, paired rows). How probably two of these rows
        share a component; no relabelling changes it. Empty where there are no chains.
    warnings
        What the reader must know, in sentences.

    """

    b: DoubleArray
    deviation: DoubleArray
    positive: DoubleArray
    s2: DoubleArray
    pi: DoubleArray
    shares: DoubleArray
    l1: DoubleArray
    l2: DoubleArray
    same_net: DoubleArray
    z: IntArray
    responsibilities: DoubleArray
    occupied_mean: float
    r_hat: dict[str, float]
    log_likelihood: float
    paired_rows: IntArray
    together: FloatArray
    warnings: tuple[str, ...]

    @property
    def certain(self) -> BoolArray:
        """Shape (components, columns). Whether the 95 % interval leaves out 0."""
        return np.asarray((self.positive >= 1.0 - HALF_TAIL) | (self.positive <= HALF_TAIL))


def responsibilities_of(
    regression: Regression, b: DoubleArray, s2: DoubleArray, pi: DoubleArray
) -> DoubleArray:
    """Give pi_j Normal(y_i | x_i'b_j, s2_j), normalised: shape (rows, components).

    These look at y. Of an x alone the mixture does not know the component.
    """
    squares = (regression.y[:, None] - regression.x @ b.T) ** 2
    with np.errstate(divide="ignore"):
        scores = np.log(pi) - 0.5 * np.log(s2) - squares / (2.0 * s2)
    return np.asarray(np.exp(scores - logsumexp(scores, axis=1, keepdims=True)))


def assigned_components(x: DoubleArray, y: DoubleArray, posterior: Posterior) -> IntArray:
    """Give the component of each row from its x *and its y*, shape (rows)."""
    regression = Regression(x, y, intercept=False)
    shares = responsibilities_of(regression, posterior.b, posterior.s2, posterior.pi)
    return np.asarray(np.argmax(shares, axis=1), dtype=np.int64)


def predicted(x: DoubleArray, posterior: Posterior) -> DoubleArray:
    """Give E[y | x], shape (rows): pi does not depend on x, so this is one linear model."""
    return np.asarray(x @ (posterior.pi @ posterior.b))


def assigned_rmse(regression: Regression, posterior: Posterior) -> float:
    """Give the error of the components that were assigned with y in sight."""
    z = assigned_components(regression.x, regression.y, posterior)
    fitted = np.einsum("ip,ip->i", regression.x, posterior.b[z])
    return float(np.sqrt(np.mean((regression.y - fitted) ** 2)))


def predictive_rmse(regression: Regression, posterior: Posterior) -> float:
    """Give the error of the mixture from x alone."""
    return float(np.sqrt(np.mean((regression.y - predicted(regression.x, posterior)) ** 2)))
