"""The meta-level tree of the served trace, as plain arrays with round thresholds."""

import dataclasses
from typing import final

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray

LEAVES_PER_CLASS = (2.0, 3.0, 5.0, 6.4)
WORTH = 0.001
MANY_CLASSES = 100
MOST_LEAVES = 1000
LEAST_IN_LEAF = 20
# Of a class's images at least one in 25 makes a leaf.
PER_CLASS = 25


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TreeArrays:
    """A fitted tree; see `explainers.meta_forest.served.tree.MetaTree`."""

    left: IntArray
    right: IntArray
    feature: IntArray
    threshold: DoubleArray
    histogram: IntArray


def decimals_for(rows: FloatArray) -> int:
    """Give how many decimals tell margins apart: a thousandth of their spread."""
    spread = float(np.std(rows)) or 1.0
    return int(np.clip(3 - np.floor(np.log10(spread)), 1, 8))


def choose_tree(
    rows: FloatArray,
    predicted: IntArray,
    validation: tuple[FloatArray, IntArray],
    classes: int,
    rng: np.random.Generator,
) -> tuple[TreeArrays, int]:
    """Fit trees of several sizes and keep the smallest that is nearly the best.

    Parameters
    ----------
    rows
        Shape (images, pairs). Margins of training images.
    predicted
        Shape (images). The class that the network gives.
    validation
        The same two for validation images, on which the size is chosen: fewest leaves
        within 0.001 of the best fidelity.
    classes
        How many classes there are.
    rng
        Where the tree's seed comes from.

    Returns
    -------
    tuple
        The tree, and the decimals that its thresholds are rounded to.

    """
    seed, decimals = int(rng.integers(2**31)), decimals_for(rows)
    groups = len(np.unique(predicted))
    trees, scores = [], []
    tried = LEAVES_PER_CLASS if groups <= MANY_CLASSES else LEAVES_PER_CLASS[:1]
    for per_class in tried:
        leaves = min(MOST_LEAVES, round(per_class * groups))
        tree = fit_tree(rows, predicted, classes, leaves, decimals, seed)
        named = tree.histogram.argmax(axis=1)[reached(tree, validation[0])]
        trees.append(tree)
        scores.append(float((named == validation[1]).mean()))
    best = max(scores)
    return next(t for t, s in zip(trees, scores, strict=True) if s >= best - WORTH), decimals


def fit_tree(
    rows: FloatArray, predicted: IntArray, classes: int, leaves: int, decimals: int, seed: int
) -> TreeArrays:
    """Fit one tree, round its thresholds and count its nodes' images anew."""
    groups = len(np.unique(predicted))
    least = int(np.clip(len(rows) // (PER_CLASS * groups), 2, LEAST_IN_LEAF))
    fitted = DecisionTreeClassifier(
        max_leaf_nodes=max(2, leaves), min_samples_leaf=least, random_state=seed
    ).fit(rows, predicted)
    inner = fitted.tree_
    order = _parents_first(inner.children_left, inner.children_right)
    place = np.full(inner.node_count, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    tree = TreeArrays(
        left=_renumber(inner.children_left[order], place),
        right=_renumber(inner.children_right[order], place),
        feature=np.maximum(inner.feature[order], 0).astype(np.int64),
        threshold=np.round(inner.threshold[order].astype(np.float64), decimals),
        histogram=np.zeros((len(order), classes), dtype=np.int64),
    )
    return dataclasses.replace(tree, histogram=_histogram(tree, rows, predicted, classes))


def reached(tree: TreeArrays, rows: FloatArray) -> IntArray:
    """Give the leaf node that each row reaches, shape (images)."""
    node = np.zeros(len(rows), dtype=np.int64)
    values = rows.astype(np.float64)
    while True:
        active = np.flatnonzero(tree.left[node] >= 0)
        if not len(active):
            return node
        at = node[active]
        below = values[active, tree.feature[at]] <= tree.threshold[at]
        node[active] = np.where(below, tree.left[at], tree.right[at])


def _histogram(tree: TreeArrays, rows: FloatArray, predicted: IntArray, classes: int) -> IntArray:
    found = np.zeros((len(tree.left), classes), dtype=np.int64)
    np.add.at(found, (reached(tree, rows), predicted), 1)
    for node in reversed(range(len(tree.left))):
        if tree.left[node] >= 0:
            found[node] = found[tree.left[node]] + found[tree.right[node]]
    return found


def _parents_first(left: AnyArray, right: AnyArray) -> IntArray:
    order, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if left[node] >= 0:
            waiting += [int(right[node]), int(left[node])]
    return np.array(order, dtype=np.int64)


def _renumber(children: AnyArray, place: IntArray) -> IntArray:
    return np.where(children >= 0, place[np.maximum(children, 0)], -1).astype(np.int64)
