"""The adjusted Rand index of two divisions of the same images, with its interval."""

from typing import Final

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from reasoned.comparing.intervals import LEVEL, Interval

DRAWS: Final = 300


def rand_index(before: IntArray, after: IntArray, rng: np.random.Generator) -> Interval:
    """Give the index, 1 where the divisions are the same and about 0 where they are unrelated.

    Images are drawn again by their pairs of regions, which is the same as one by one, and
    much faster than scikit-learn's function, which reads the images of every draw.

    Parameters
    ----------
    before, after
        Shape (images). The number of each image's region, from 0.
    rng
        Draws the images.

    References
    ----------
    Hubert and Arabie, Comparing partitions, Journal of Classification 2, 1985.

    """
    pairs, counts = _met(before, after)
    images = len(before)
    value = _index(pairs, counts)
    drawn = [_index(pairs, draw) for draw in rng.multinomial(images, counts / images, DRAWS)]
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return Interval(value, float(low), float(high))


def _met(before: IntArray, after: IntArray) -> tuple[IntArray, IntArray]:
    """List the pairs of regions that hold an image, and how many each holds."""
    both = np.stack([before, after], 1)
    _, first, counts = np.unique(both, axis=0, return_index=True, return_counts=True)
    order = np.argsort(first)  # as they are met, so that the draws do not hang on the numbers
    return both[first[order]], counts[order]


def _index(pairs: IntArray, counts: IntArray) -> float:
    """Compute it from how many images fall in each pair of regions, of shape (pairs)."""
    together = _pairs_of(counts)
    one, other = (_pairs_of(np.bincount(pairs[:, side], counts)) for side in (0, 1))
    by_chance = one * other / max(_pairs_of(counts.sum()), 1.0)
    most = (one + other) / 2
    # Where each side is one region, or each image a region, the divisions are the same.
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def _pairs_of(counts: IntArray | DoubleArray | np.int64) -> float:
    """Count the pairs of images that lie together."""
    sizes = np.asarray(counts, np.float64)
    return float((sizes * (sizes - 1) / 2).sum())
