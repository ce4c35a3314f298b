"""The mixture by expectation-maximisation alone: seconds instead of minutes, and a start."""

import dataclasses
import warnings
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.coefficients import draw_mixing
from explainers.mixture.fitting.convergence import OCCUPIED
from explainers.mixture.fitting.drawing import draw_prior
from explainers.mixture.fitting.em import Mixture, begun, expected, refined
from explainers.mixture.fitting.pooling import with_occupancy_warning
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.summary import Posterior

MOST_START_ROWS = 2_000
START_ITERATIONS = 10
DIRECTIONS = 5
ROWS_PER_COLUMN = 2
Labels = Callable[[Regression, int, np.random.Generator], IntArray]


def preview(regression: Regression, prior: Prior, rng: np.random.Generator) -> Posterior:
    """Fit the mixture by expectation-maximisation, from the best of several starts.

    Parameters
    ----------
    regression
        The rows.
    prior
        What is not learned.
    rng
        Chooses the starts.

    Returns
    -------
    Posterior
        Of the components that hold a row, largest first; deviations and signs by the normal
        approximation at the mode. It knows nothing of other modes.

    """
    starts = [started(regression, prior, rng, by) for by in (by_cluster, by_chance, by_chance)]
    best = max(starts, key=lambda start: start.objective)
    return _posterior(_largest_first(refined(regression, prior, best)), prior)


def quick_start(
    regression: Regression, prior: Prior, rng: np.random.Generator, *, clustered: bool
) -> State:
    """Give a chain a state to start from: a quick fit, and prior draws where it is empty."""
    found = started(regression, prior, rng, by_cluster if clustered else by_chance)
    found = _largest_first(found)
    state = draw_prior(prior, regression, rng)
    live = len(found.components)
    pi = np.full(prior.components, 1.0 / len(regression.y))
    pi[:live] += found.pi
    state.b[:live] = [component.b for component in found.components]
    state.s2[:live] = [component.s2 for component in found.components]
    state.c[:live] = found.c
    state = dataclasses.replace(
        state,
        z=np.argmax(found.responsibilities, axis=1).astype(np.int64),
        log_pi=np.log(pi / pi.sum()),
        w=found.nets.w,
        l1=found.nets.l1,
        l2=found.nets.l2,
    )
    return dataclasses.replace(state, tau=draw_mixing(state, rng))


def started(regression: Regression, prior: Prior, rng: np.random.Generator, by: Labels) -> Mixture:
    """Fit the mixture quickly to some of the rows, and say how it explains all of them.

    It starts from at most J components, and few enough that each has twice as many rows as
    columns; those that are not needed then empty.
    """
    rows, columns = regression.x.shape
    count = int(np.clip(rows // (ROWS_PER_COLUMN * columns), 1, prior.components))
    some = np.sort(rng.choice(rows, min(rows, MOST_START_ROWS), replace=False))
    part = Regression(regression.x[some], regression.y[some], regression.intercept)
    responsibilities = np.eye(count)[by(part, count, rng)]
    found = refined(part, prior, begun(prior, columns, responsibilities), START_ITERATIONS)
    return expected(regression, found)


def by_cluster(regression: Regression, count: int, rng: np.random.Generator) -> IntArray:
    """Label the rows by k-means on y and a few principal components of x, shape (rows)."""
    directions = min(DIRECTIONS, *regression.x.shape)
    points = PCA(directions, svd_solver="covariance_eigh").fit_transform(regression.x)
    points = np.column_stack([regression.y - regression.y.mean(), points])
    points /= np.maximum(points.std(axis=0), 1e-12)
    means = KMeans(count, n_init=1, random_state=int(rng.integers(2**31)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(means.fit_predict(points), dtype=np.int64)


def by_chance(regression: Regression, count: int, rng: np.random.Generator) -> IntArray:
    """Label the rows at random, shape (rows)."""
    return rng.integers(count, size=len(regression.y))


def _largest_first(found: Mixture) -> Mixture:
    order = np.argsort(-found.pi, kind="stable")
    return dataclasses.replace(
        found,
        components=tuple(found.components[j] for j in order),
        pi=found.pi[order],
        c=found.c[order],
        responsibilities=found.responsibilities[:, order],
    )


def _posterior(found: Mixture, prior: Prior) -> Posterior:
    b = np.array([component.b for component in found.components])
    deviation = np.array([component.deviation for component in found.components])
    z = np.argmax(found.responsibilities, axis=1).astype(np.int64)
    shares: DoubleArray = np.bincount(z, minlength=len(b)) / len(z)
    posterior = Posterior(
        b=b,
        deviation=deviation,
        positive=ndtr(b / deviation),
        s2=np.array([component.s2 for component in found.components]),
        pi=found.pi,
        shares=shares,
        l1=found.nets.l1[found.c],
        l2=found.nets.l2[found.c],
        same_net=(found.c[:, None] == found.c).astype(np.float64),
        z=z,
        responsibilities=found.responsibilities,
        occupied_mean=float(np.count_nonzero(shares > OCCUPIED)),
        r_hat={},
        log_likelihood=found.objective,
        paired_rows=np.zeros(0, dtype=np.int64),
        together=np.zeros((0, 0), dtype=np.float32),
        warnings=(),
    )
    return with_occupancy_warning(posterior, prior)
