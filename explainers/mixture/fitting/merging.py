"""Components that are one and the same made one: occupied is not the same as different."""

import dataclasses
import itertools
from typing import final

import numpy as np
from scipy.special import ndtri

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.convergence import OCCUPIED
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.summary import HALF_TAIL, Posterior, responsibilities_of
from explainers.mixture.served.words import NO_STRUCTURE

SAME_DIRECTION = 0.95
SAME_LENGTH = 2.0
NEARLY_ALL = 0.9
EXPLAINED = 0.1


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Merged:
    """The components that are different, largest first.

    Attributes
    ----------
    posterior
        Of the merged components, with pooled moments.
    groups
        For each, which components of the unmerged posterior it is made of.
    verdict
        ``no linear structure`` where one component is left and its coefficients are what
        noise would give; else empty.

    """

    posterior: Posterior
    groups: tuple[tuple[int, ...], ...]
    verdict: str


def merged(posterior: Posterior, regression: Regression) -> Merged:
    """Drop components of 1 % of the rows or less, and merge those that are not distinct.

    Two are the same where their posterior means point the same way (cosine above 0.95, with
    and without the intercept, and neither more than twice as long), or where all their
    simultaneous 95 % intervals overlap and their predictions differ by less than the noise
    (which matters where features are so correlated that every single interval is wide), or
    where neither depends on x and their levels are too close to be told apart. The first such
    pair, largest components first, is merged, its moments are pooled, and the question asked
    again.
    """
    order = np.argsort(-posterior.shares, kind="stable")
    kept = [int(j) for j in order if posterior.shares[j] > OCCUPIED] or [int(order[0])]
    groups: list[tuple[int, ...]] = [(j,) for j in kept]
    while pair := _first_same(groups, posterior, regression):
        one, other = pair
        groups[one] = groups[one] + groups.pop(other)
    groups.sort(key=lambda group: -float(posterior.shares[list(group)].sum()))
    found = _gathered(tuple(groups), posterior, regression)
    everything = np.arange(len(regression.y))
    flat = len(groups) == 1 and _is_flat(found, 0, regression, everything)
    return Merged(found, tuple(groups), NO_STRUCTURE if flat else "")


def _first_same(
    groups: list[tuple[int, ...]], posterior: Posterior, regression: Regression
) -> tuple[int, int] | None:
    pooled = _pooled(tuple(groups), posterior, intercept=regression.intercept)
    members = [np.flatnonzero(np.isin(posterior.z, group)) for group in groups]
    flat = [_is_flat(pooled, j, regression, rows) for j, rows in enumerate(members)]
    for one, other in itertools.combinations(range(len(groups)), 2):
        rows = np.concatenate([members[one], members[other]])
        if _same(pooled, [one, other], regression, rows) or (
            flat[one] and flat[other] and _levels_touch(pooled, [one, other], regression)
        ):
            return one, other
    return None


def _same(pooled: Posterior, pair: list[int], regression: Regression, rows: IntArray) -> bool:
    b = pooled.b[pair]
    p = regression.penalised
    if _aligned(*b) and _aligned(*b[:, :p]):
        return True
    reach = simultaneous_quantile(b.shape[1]) * pooled.deviation[pair].sum(axis=0)
    if np.any(np.abs(b[0] - b[1]) > reach):
        return False
    apart = regression.x[rows] @ (b[0] - b[1])
    return not len(rows) or bool(np.mean(apart**2) < pooled.s2[pair].mean())


def _levels_touch(pooled: Posterior, pair: list[int], regression: Regression) -> bool:
    """Say whether two normal distributions of y are so close that they make one hump."""
    if not regression.intercept:
        return True
    low, high = pooled.b[pair, -1]
    return bool(abs(high - low) <= 2.0 * np.sqrt(pooled.s2[pair]).sum())


def _is_flat(pooled: Posterior, j: int, regression: Regression, rows: IntArray) -> bool:
    """Say whether a component's coefficients are what noise would give."""
    p = regression.penalised
    covers = ~pooled.certain[j, :p]
    clear = np.abs(pooled.b[j, :p]) > simultaneous_quantile(p) * pooled.deviation[j, :p]
    if covers.mean() < NEARLY_ALL or np.any(clear):
        return False
    if not len(rows):
        return True
    slopes = regression.x[rows, :p] @ pooled.b[j, :p]
    by_chance = min(1.0, p / len(rows))
    return bool(np.var(slopes) <= (by_chance + EXPLAINED) * pooled.s2[j])


def _aligned(one: DoubleArray, other: DoubleArray) -> bool:
    lengths = sorted((float(np.linalg.norm(one)), float(np.linalg.norm(other))))
    if lengths[0] == 0.0 or lengths[1] > SAME_LENGTH * lengths[0]:
        return False
    return float(one @ other) > SAME_DIRECTION * lengths[0] * lengths[1]


def simultaneous_quantile(columns: int) -> float:
    """Give how many deviations wide 95 % intervals are that hold for all columns at once."""
    return float(ndtri(1.0 - HALF_TAIL / columns))


def _pooled(
    groups: tuple[tuple[int, ...], ...], posterior: Posterior, *, intercept: bool
) -> Posterior:
    weights = np.zeros((len(groups), len(posterior.shares)))
    for position, group in enumerate(groups):
        members = list(group)
        weights[position, members] = posterior.shares[members]
        if not weights[position].any():
            weights[position, members] = 1.0
    shares = weights @ np.ones(len(posterior.shares))
    member = (weights > 0.0).astype(np.float64)
    weights /= shares[:, None]
    b = weights @ posterior.b
    squared = weights @ (posterior.deviation**2 + posterior.b**2)
    # Rows of merged components scatter about the pooled level by how far apart theirs were.
    levels = weights @ posterior.b[:, -1] ** 2 - b[:, -1] ** 2 if intercept else 0.0
    return dataclasses.replace(
        posterior,
        b=b,
        deviation=np.sqrt(np.maximum(squared - b**2, 0.0)),
        positive=weights @ posterior.positive,
        s2=weights @ posterior.s2 + levels,
        pi=member @ posterior.pi,
        shares=member @ posterior.shares,
        l1=np.exp(weights @ np.log(posterior.l1)),
        l2=np.exp(weights @ np.log(posterior.l2)),
        same_net=weights @ posterior.same_net @ weights.T,
    )


def _gathered(
    groups: tuple[tuple[int, ...], ...], posterior: Posterior, regression: Regression
) -> Posterior:
    pooled = _pooled(groups, posterior, intercept=regression.intercept)
    pi = pooled.pi / pooled.pi.sum()
    shares = responsibilities_of(regression, pooled.b, pooled.s2, pi)
    z = np.argmax(shares, axis=1).astype(np.int64)
    net = pooled.same_net.copy()
    np.fill_diagonal(net, 1.0)
    return dataclasses.replace(pooled, pi=pi, responsibilities=shares, z=z, same_net=net)
