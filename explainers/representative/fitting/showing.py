"""Which training images stand for what is inside a polytope."""

import numpy as np
from sklearn.cluster import KMeans

from explainers.arrays import FloatArray, IntArray
from explainers.representative.fitting.candidates import Candidate
from explainers.representative.served.search import semantic_distance, unpack
from explainers.representative.served.showcase import SHOWN

KEPT = 48
NEAREST = 7
SAMPLED = 1024
_SAME = 1e-7


def kept_members(candidate: Candidate, points: FloatArray, rng: np.random.Generator) -> IntArray:
    """Choose up to 48 images inside a polytope, those to be shown first.

    First the seed and the seven nearest to it, then others spread over what is inside: those
    nearest to the centres of a k-means over a sample of the members, by their margins to
    the facets. The semantic distance is measured in these.
    """
    inside = np.flatnonzero(unpack(candidate.found.members, len(points)))
    inside = inside[inside != candidate.seed]
    near = _by_distance(candidate, points, inside)
    first, rest = near[:NEAREST], near[NEAREST:]
    wanted = KEPT - 1 - len(first)
    if len(rest) > SAMPLED:
        rest = rest[np.sort(rng.choice(len(rest), SAMPLED, replace=False))]
    if len(rest) > wanted:
        rest = _spread(candidate, points, rest, wanted, int(rng.integers(2**31)))
    # Evenly through the distances, so that what is shown is spread as well.
    room = SHOWN - 1 - len(first)
    shown = rest[
        np.unique(np.linspace(0, max(len(rest) - 1, 0), room).astype(np.int64))[: len(rest)]
    ]
    others = rest[~np.isin(rest, shown)]
    return np.concatenate([[candidate.seed], first, shown, others]).astype(np.int64)


def _by_distance(candidate: Candidate, points: FloatArray, rows: IntArray) -> IntArray:
    """Order rows by their semantic distance to the seed, of equal ones the first alone."""
    seed = points[candidate.seed].astype(np.float64)
    normals = candidate.found.normals
    away = semantic_distance(normals, seed, points[rows].astype(np.float64))
    order = np.argsort(away, kind="stable")
    # Data sets hold the same image more than once; the seed itself is at 0.
    steps = np.diff(away[order], prepend=0.0)
    return rows[order[steps > _SAME * max(float(away.max(initial=0.0)), 1.0)]]


def _spread(
    candidate: Candidate, points: FloatArray, rows: IntArray, wanted: int, state: int
) -> IntArray:
    """Choose the rows nearest to the centres of a k-means, in the order in which they came."""
    margins = candidate.found.facets.values(points[rows].astype(np.float64))
    means = KMeans(wanted, n_init=1, max_iter=10, random_state=state).fit(margins)
    chosen: IntArray = rows[np.unique(means.transform(margins).argmin(axis=0))]
    return chosen
