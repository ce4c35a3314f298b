"""How many polytopes to keep, and how deep inside counts, by validation images."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.bounds import clopper_pearson_lower
from explainers.representative.served.polytopes import Polytopes

WIDE = 0.98
LEAST_COVERAGE = 0.9775
TARGET = 0.99


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Curves:
    """Shares of validation images for the first 1, 2, ... polytopes.

    Attributes
    ----------
    coverage
        Shape (polytopes). Inside one polytope or more.
    agreement
        Shape (polytopes). Of these, named by the deepest polytope as the network does.

    """

    coverage: DoubleArray
    agreement: DoubleArray

    def size(self) -> int:
        """Give the least number that covers 98 %, or all where none does."""
        wide = np.flatnonzero(self.coverage >= WIDE)
        return int(wide[0]) + 1 if len(wide) else len(self.coverage)


def measure_sizes(
    polytopes: Polytopes,
    labels: IntArray,
    points: FloatArray,
    predicted: IntArray,
    least_depth: float = 0.0,
) -> Curves:
    """Add the polytopes one by one; `labels` are their classes."""
    depths, members = polytopes.depths(points), polytopes.members(points, least_depth)
    best = np.zeros(len(points), dtype=np.float32)
    named = np.full(len(points), -1, dtype=np.int64)
    coverage, agreement = list[float](), list[float]()
    for place, label in enumerate(labels.tolist()):
        deeper = members[:, place] & ((named < 0) | (depths[:, place] > best))
        best[deeper], named[deeper] = depths[deeper, place], label
        inside = named >= 0
        coverage.append(float(inside.mean()))
        agreement.append(float((named == predicted)[inside].mean()) if inside.any() else 0.0)
    return Curves(np.array(coverage), np.array(agreement))


def measure_classes(
    polytopes: Polytopes,
    labels: IntArray,
    points: FloatArray,
    predicted: IntArray,
    least_depth: float,
    classes: int,
) -> Curves:
    """Give both shares for the whole set, per class that the network gives; 0 without images."""
    depths, members = polytopes.depths(points), polytopes.members(points, least_depth)
    inside = members.any(axis=1)
    named = labels[np.where(members, depths, -np.inf).argmax(axis=1)]
    agrees = inside & np.equal(named, predicted)
    images, held, agreed = (
        np.bincount(predicted[rows], minlength=classes)
        for rows in (np.ones_like(inside), inside, agrees)
    )
    return Curves(held / np.maximum(images, 1), agreed / np.maximum(held, 1))


def choose_least_depth(
    polytopes: Polytopes, labels: IntArray, points: FloatArray, predicted: IntArray
) -> float:
    """Choose how deep an image must lie in a polytope to count as inside.

    The least depth (0 or more) at which, by the one-sided 95 % lower bound, 0.99 of the
    images inside are named as the network does; but no deeper than leaves 97.75 % of all
    images inside, where so many are; and 0 where there are too few to show 0.99. It lies
    halfway between two images, so that rounding puts neither on the other side.
    """
    depths = polytopes.depths(points)
    deepest = depths.argmax(axis=1)
    depth = depths[np.arange(len(points)), deepest]
    order = np.argsort(-depth, kind="stable")
    order = order[depth[order] > 0]
    agrees, ordered = labels[deepest[order]] == predicted[order], depth[order]
    if clopper_pearson_lower(len(order), len(order)) < TARGET:
        return 0.0
    # Images that are equally deep are kept or left out together.
    ends = np.flatnonzero(np.diff(ordered, append=0.0) < 0.0) + 1
    kept = _most_kept(agrees, ends, round(LEAST_COVERAGE * len(points)))
    return float(ordered[kept - 1 : kept + 1].mean()) if kept < len(order) else 0.0


def _most_kept(agrees: BoolArray, ends: IntArray, least: int) -> int:
    """Give how many of the deepest images to keep, at least `least` where there are so many.

    `ends` are the numbers that may be kept, ascending.
    """
    counts = np.cumsum(agrees)
    enough: list[int] = ends[ends >= least].tolist()
    for kept in reversed(enough):
        if clopper_pearson_lower(int(counts[kept - 1]), kept) >= TARGET:
            return kept
    return enough[0] if enough else len(agrees)


def usual_depth(polytopes: Polytopes, points: FloatArray) -> float:
    """Give the median depth of the points that lie in a polytope; 1 where none does."""
    depth = polytopes.depths(points).max(axis=1)
    inside = depth[depth > 0]
    return max(float(np.median(inside)), 1e-6) if len(inside) else 1.0
