"""The pairs of class and attribute that are counted and shown."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.attributes.fitting.measuring import Passed
from explainers.attributes.served.relevance import class_relevances

LEAST_IMAGES = 10
MOST_PAIRS = 60


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Pairing:
    """What the training images say of classes and attributes.

    Attributes
    ----------
    classes
        Shape (images). The class that g gives each.
    leading
        Shape (images). The attribute of the largest positive relevance; -1 for none.
    table
        Shape (classes, attributes). ``r_jc``.
    pairs
        Shape (pairs, 2). The (class, attribute) that lead ten images or more, or whose
        mean relevance is above the threshold; sorted, at most 60, of which those with the
        most images are kept.
    images
        Shape (pairs). How many each leads.

    """

    classes: IntArray
    leading: IntArray
    table: DoubleArray
    pairs: IntArray
    images: IntArray


def find_pairs(passed: Passed, weights: FloatArray, live: BoolArray, threshold: float) -> Pairing:
    """Group training images by g's class and its leading attribute.

    Parameters
    ----------
    passed
        The training images.
    weights
        Shape (classes, attributes). W transposed.
    live
        Shape (attributes). Dead attributes are in no pair.
    threshold
        For the global pairs of the paper.

    """
    f, g, found = passed.f, passed.g, passed.relevances(weights)
    table = class_relevances(found, g, f == g, len(weights))
    leading = np.where(found.max(axis=1) > 0, found.argmax(axis=1), -1).astype(np.int64)
    counts = np.zeros(table.shape, dtype=np.int64)
    np.add.at(counts, (g[leading >= 0], leading[leading >= 0]), 1)
    wanted = ((counts >= LEAST_IMAGES) | (table > threshold)) & live
    pairs = np.argwhere(wanted)
    images = counts[wanted]
    if not len(pairs):
        # A tiny split: the pair that leads most images is there all the same.
        pairs = np.array([np.unravel_index(counts.argmax(), counts.shape)])
        images = np.array([counts.max()])
    kept = np.sort(np.argsort(-images, kind="stable")[:MOST_PAIRS])
    return Pairing(
        classes=g,
        leading=leading,
        table=table,
        pairs=pairs[kept].astype(np.int64),
        images=images[kept].astype(np.int64),
    )
