"""Planted data for the mixture, and parts of chains worked by hand."""

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.mixture.fitting.averages import Averages
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.summary import Posterior, responsibilities_of


def small(rows: int = 80, columns: int = 4, seed: int = 0) -> Regression:
    """Two regimes, clear enough for short chains."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, columns))
    sign = np.where(np.arange(rows) % 2 == 0, 3.0, -3.0)
    return Regression(x, sign * x[:, 0] + 0.1 * rng.standard_normal(rows), intercept=False)


def two_nets(seed: int) -> Regression:
    """One regime of four large coefficients, one where all are small."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2_000, 60))
    b = np.zeros((2, 60))
    b[0, rng.choice(60, 4, replace=False)] = (3.0, -3.0, 2.5, -2.5)
    b[1] = 0.6 * rng.standard_normal(60)
    z = rng.integers(2, size=2_000)
    y = np.einsum("ip,ip->i", x, b[z]) + 0.5 * rng.standard_normal(2_000)
    return Regression(x, y, intercept=False)


def piecewise(x: DoubleArray, b: DoubleArray, rng: np.random.Generator) -> Regression:
    """One regime where the first column is positive, another where it is not."""
    z: IntArray = (x[:, 0] > 0.0).astype(np.int64)
    y = np.einsum("ip,ip->i", x, b[z]) + 0.1 * rng.standard_normal(len(x))
    return Regression(x, y, intercept=False)


def nothing(seed: int, *, intercept: bool) -> Regression:
    """Targets that know nothing of the features."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((1_500, 40))
    y = rng.standard_normal(1_500)
    if intercept:
        return Regression(np.column_stack([x, np.ones(1_500)]), y + 3.0, intercept=True)
    return Regression(x, y, intercept=False)


def a_state(z: IntArray, b: DoubleArray, c: IntArray) -> State:
    """Make a draw whose numbers can be told apart: s2 is 1, 2, ...; l1 1, 10, ...; l2 2, 20, ..."""
    components, nets = len(b), int(c.max()) + 1
    return State(
        z=z,
        log_pi=np.log(np.arange(1.0, components + 1.0) / (components * (components + 1) / 2)),
        alpha=1.0,
        b=b,
        s2=np.arange(1.0, components + 1.0),
        c=c,
        w=np.full(nets, 1.0 / nets),
        l1=np.array([10.0**k for k in range(nets)]),
        l2=np.array([2.0 * 10.0**k for k in range(nets)]),
        tau=np.linspace(0.1, 0.9, b.size).reshape(b.shape),
    )


def a_posterior(
    regression: Regression, b: DoubleArray, deviation: float, shares: DoubleArray
) -> Posterior:
    """Make a posterior of known means, all with the same deviations and noise 1."""
    s2 = np.ones(len(b))
    found = responsibilities_of(regression, b, s2, shares)
    certain: BoolArray = np.abs(b) > 2.0 * deviation
    return Posterior(
        b=b,
        deviation=np.full(b.shape, deviation),
        positive=np.where(certain, (b > 0.0).astype(np.float64), 0.5),
        s2=s2,
        pi=shares,
        shares=shares,
        l1=np.ones(len(b)),
        l2=np.ones(len(b)),
        same_net=np.eye(len(b)),
        z=np.argmax(found, axis=1).astype(np.int64),
        responsibilities=found,
        occupied_mean=float(len(b)),
        r_hat={},
        log_likelihood=0.0,
        paired_rows=np.zeros(0, dtype=np.int64),
        together=np.zeros((0, 0), dtype=np.float32),
        warnings=(),
    )


def bytes_of(averages: Averages) -> int:
    """Count the bytes of all arrays."""
    return sum(array.nbytes for array in averages.arrays().values())
