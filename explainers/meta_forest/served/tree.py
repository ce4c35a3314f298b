"""The meta-level tree: one path per row, from plain arrays."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import (
    AnyArray,
    DoubleArray,
    IntArray,
    check_finite,
    check_range,
    check_shape,
)
from explainers.errors import ArtefactError

MOST_STEPS = 500_000  # what a thousand leaves hanging in one chain have


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """One test as walked: ``feature <= threshold`` or ``feature > threshold``."""

    feature: int
    below: bool
    threshold: float


@final
@dataclasses.dataclass(frozen=True, eq=False)
class MetaTree:
    """A binary tree over the meta-features; children come after their parents.

    Attributes
    ----------
    left, right
        Shape (nodes). Children, or -1 in a leaf.
    feature, threshold
        Shape (nodes). The test ``row[feature] <= threshold`` leads to the left child.
    histogram
        Shape (nodes, classes). Training images per class that the network gives.

    """

    left: IntArray
    right: IntArray
    feature: IntArray
    threshold: DoubleArray
    histogram: IntArray
    leaves: tuple[int, ...] = dataclasses.field(init=False)
    paths: tuple[tuple[Condition, ...], ...] = dataclasses.field(init=False)
    _walk: tuple[list[int], list[int], list[int], list[float]] = dataclasses.field(
        init=False, repr=False
    )
    _leaf_of: dict[int, int] = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        leaves = tuple(np.flatnonzero(self.left < 0).tolist())
        walk = (
            self.left.tolist(),
            self.right.tolist(),
            self.feature.tolist(),
            self.threshold.tolist(),
        )
        object.__setattr__(self, "_walk", walk)
        object.__setattr__(self, "leaves", leaves)
        object.__setattr__(self, "_leaf_of", {node: i for i, node in enumerate(leaves)})
        found = dict(self._paths())
        object.__setattr__(self, "paths", tuple(found[node] for node in leaves))

    def leaf(self, row: list[float]) -> int:
        """Give the number of the leaf that a row of meta-features reaches."""
        left, right, feature, threshold = self._walk
        node = 0
        while left[node] >= 0:
            node = left[node] if row[feature[node]] <= threshold[node] else right[node]
        return self._leaf_of[node]

    def names(self) -> list[int]:
        """Give the class that each leaf names."""
        found: list[int] = self.histogram[list(self.leaves)].argmax(axis=1).tolist()
        return found

    def _paths(self) -> list[tuple[int, tuple[Condition, ...]]]:
        left, right, feature, threshold = self._walk
        found: list[tuple[int, tuple[Condition, ...]]] = []
        waiting: list[tuple[int, tuple[Condition, ...]]] = [(0, ())]
        while waiting:
            node, path = waiting.pop()
            if left[node] < 0:
                found.append((node, path))
                continue
            for child, below in ((left[node], True), (right[node], False)):
                step = Condition(feature[node], below, threshold[node])
                waiting.append((child, (*path, step)))
        return found


def check_tree(tree_arrays: dict[str, AnyArray], features: int) -> None:
    """Raise `ArtefactError` or `ShapeError` unless the arrays form one binary tree."""
    left, right = tree_arrays["left"], tree_arrays["right"]
    nodes = left.size
    if nodes < 1:
        raise ArtefactError("tree arrays must hold at least one node")
    for name, array in tree_arrays.items():
        axes = ("nodes", "classes") if name == "histogram" else ("nodes",)
        check_shape(f"tree {name}", array, *axes, nodes=nodes)
    inner = np.flatnonzero(left >= 0)
    if np.any((left >= 0) != (right >= 0)) or np.any(left < -1) or np.any(right < -1):
        raise ArtefactError("tree: a node must have two children or none (-1)")
    children = np.concatenate([left[inner], right[inner]])
    if np.any(np.tile(inner, 2) >= children) or not np.array_equal(
        np.sort(children), np.arange(1, nodes)
    ):
        raise ArtefactError("tree: every node but the root must be the child of one earlier node")
    _check_steps(left.tolist(), right.tolist())
    check_range("tree feature", tree_arrays["feature"][inner], 0, features - 1)
    check_finite("tree threshold", tree_arrays["threshold"][inner])
    check_range("tree histogram", tree_arrays["histogram"], 0, np.iinfo(np.int64).max)


def _check_steps(left: list[int], right: list[int]) -> None:
    """Raise where the paths to all leaves, which are written out at load, are too long."""
    depth = [0] * len(left)
    for node, child in enumerate(left):
        if child >= 0:
            depth[child] = depth[right[node]] = depth[node] + 1
    steps = sum(deep for deep, child in zip(depth, left, strict=True) if child < 0)
    if steps > MOST_STEPS:
        raise ArtefactError(f"tree: its paths may have {MOST_STEPS} steps in all, not {steps}")
