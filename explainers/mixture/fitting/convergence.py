"""Whether chains agree, told from numbers that no relabelling changes."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Self, final

import numpy as np

from explainers.arrays import DoubleArray
from explainers.errors import FittingError
from explainers.mixture.fitting.state import State

STATISTICS = ("log_likelihood", "occupied", "noise", "length", "alpha")
DECIDING = STATISTICS[:-1]  # alpha is read off the sticks, whose order is the labels'
OCCUPIED = 0.01
LARGEST_R_HAT = 1_000.0


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Moments:
    """How many vectors came by, their mean and their squared deviations from it.

    Attributes
    ----------
    count
        How many.
    mean, squares
        Shape (statistics). The mean, and the sum of squared deviations from the mean.

    """

    count: int
    mean: DoubleArray
    squares: DoubleArray

    @classmethod
    def none(cls, statistics: int = len(STATISTICS)) -> Self:
        """Start with nothing."""
        return cls(0, np.zeros(statistics), np.zeros(statistics))

    def with_one(self, values: DoubleArray) -> Self:
        """Take one more vector in (Welford's update, which does not cancel)."""
        count = self.count + 1
        away = values - self.mean
        mean = self.mean + away / count
        return type(self)(count, mean, self.squares + away * (values - mean))


def statistics_of(state: State, log_likelihood: float) -> DoubleArray:
    """Give the label-invariant statistics of a draw, in the order of `STATISTICS`.

    The mixture's log-likelihood; how many components hold more than 1 % of the rows; the
    mean over rows of log s2 and of the length of b, both of the row's own component; alpha.
    """
    shares = np.bincount(state.z, minlength=len(state.s2)) / len(state.z)
    return np.array(
        [
            log_likelihood,
            float(np.count_nonzero(shares > OCCUPIED)),
            float(shares @ np.log(state.s2)),
            float(shares @ np.linalg.norm(state.b, axis=1)),
            state.alpha,
        ]
    )


def split_r_hat(halves: Sequence[Moments]) -> dict[str, float]:
    """Compare the spread between half-chains with that inside them.

    Parameters
    ----------
    halves
        The moments of each half of each chain, all of the same count.

    Returns
    -------
    dict
        By statistic: 1 where all halves tell the same, above about 1.1 where they do not, at
        most 1,000; 1 where a statistic never moved in any of them.

    Raises
    ------
    FittingError
        When there are less than two halves, or of less than two draws, or of unequal counts.

    References
    ----------
    Gelman et al., Bayesian Data Analysis, third edition, section 11.4.

    """
    counts = {half.count for half in halves}
    if len(halves) < 2 or len(counts) != 1 or min(counts) < 2:
        raise FittingError(
            "R-hat needs two halves or more, each of the same two draws or more, but got "
            f"{[half.count for half in halves]}: raise the number of sweeps"
        )
    n = counts.pop()
    within = np.mean([half.squares / (n - 1) for half in halves], axis=0)
    between = np.var([half.mean for half in halves], axis=0, ddof=1)  # B / n
    return {
        name: _ratio(float(w), float(b), n)
        for name, w, b in zip(STATISTICS, within, between, strict=True)
    }


def _ratio(within: float, between: float, n: int) -> float:
    if between <= 1e-24 * max(1.0, within):
        return math.sqrt((n - 1) / n) if within > 0.0 else 1.0
    if within <= 0.0:
        return LARGEST_R_HAT
    return min(LARGEST_R_HAT, math.sqrt((n - 1) / n + between / within))


def worst(r_hat: dict[str, float]) -> float:
    """Give the largest R-hat among the statistics that decide; 0 where there are none."""
    return max((r_hat[name] for name in DECIDING if name in r_hat), default=0.0)
