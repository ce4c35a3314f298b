"""The meta-level forest of the served trace, as bit masks."""

import dataclasses
from typing import Any, final

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from explainers.arrays import FloatArray, IntArray
from explainers.meta_forest.served.forest import MOST_LEAVES, MaskArray

TREES = 16
_ALL = 2**64 - 1


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ForestArrays:
    """A fitted forest; see `explainers.meta_forest.served.forest.BitForest`."""

    features: IntArray
    thresholds: FloatArray
    masks: MaskArray
    shares: np.ndarray[Any, np.dtype[np.uint8]]


def fit_forest(
    rows: FloatArray, predicted: IntArray, classes: int, rng: np.random.Generator
) -> ForestArrays:
    """Fit 16 trees of at most 64 leaves over the margins.

    Parameters
    ----------
    rows
        Shape (images, pairs).
    predicted
        Shape (images). The class that the network gives.
    classes
        How many classes there are.
    rng
        Where the forest's seed comes from.

    """
    fitted = RandomForestClassifier(
        TREES,
        max_leaf_nodes=MOST_LEAVES,
        min_samples_leaf=max(1, min(10, len(rows) // 200)),
        random_state=int(rng.integers(2**31)),
    ).fit(rows, predicted)
    columns = fitted.classes_.astype(np.int64)
    return pack([one.tree_ for one in fitted.estimators_], columns, classes)


def pack(trees: list[Any], columns: IntArray, classes: int) -> ForestArrays:
    """Turn scikit-learn's trees into bit masks; `columns` are the classes they know."""
    nodes = max(1, *(int((tree.children_left >= 0).sum()) for tree in trees))
    features = np.zeros((nodes, len(trees)), dtype=np.int64)
    thresholds = np.full((nodes, len(trees)), np.inf, dtype=np.float32)
    masks = np.full((nodes, len(trees)), _ALL, dtype=np.uint64)
    shares = np.zeros((len(trees), MOST_LEAVES, classes), dtype=np.uint8)
    for t, tree in enumerate(trees):
        inner, leaves = _inner_nodes(tree)
        for n, (node, first, after) in enumerate(inner):
            features[n, t] = tree.feature[node]
            thresholds[n, t] = _down(tree.threshold[node])
            masks[n, t] = _ALL ^ ((1 << after) - (1 << first))
        found = tree.value[leaves, 0]  # (leaves, known classes)
        part = found / found.sum(axis=1, keepdims=True)
        shares[t, : len(leaves), columns] = np.round(255.0 * part).astype(np.uint8).T
    return ForestArrays(features, thresholds, masks, shares)


def _inner_nodes(tree: Any) -> tuple[list[tuple[int, int, int]], list[int]]:  # noqa: ANN401  scikit-learn's Tree has no types
    """Give each inner node with its left side as a range of leaves, and the leaves in order."""
    leaves: list[int] = []
    inner: list[tuple[int, int, int]] = []

    def visit(node: int) -> None:
        if tree.children_left[node] < 0:
            leaves.append(node)
            return
        first = len(leaves)
        visit(int(tree.children_left[node]))
        inner.append((node, first, len(leaves)))
        visit(int(tree.children_right[node]))

    visit(0)
    return inner, leaves


def _down(threshold: float) -> np.float32:
    """Round towards minus infinity, so that float32 rows take the same side."""
    rounded = np.float32(threshold)
    return np.nextafter(rounded, np.float32(-np.inf)) if rounded > threshold else rounded
