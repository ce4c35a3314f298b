"""A decision tree whose tests ask for the name of a cluster, as plain arrays."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import IntArray, check_shape, make_read_only

LEAF = -1


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A test as displayed: a factor is, or is not, in a cluster."""

    factor: int
    cluster: int
    holds: bool

    @property
    def text(self) -> str:
        """Say the condition in words."""
        verb = "is" if self.holds else "is not"
        return f"factor {self.factor} {verb} cluster {self.cluster}"

    def true_of(self, codes: IntArray) -> bool:
        """Evaluate the condition on one image's ids, shape (factors)."""
        return bool(codes[self.factor] == self.cluster) == self.holds


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TreePath:
    """The way of one image, or to one leaf.

    Attributes
    ----------
    nodes
        From the root to the leaf.
    conditions
        One for each step between them.
    names
        The class that the leaf names.
    support
        How many training images reached the leaf.
    purity
        The share of them in that class.
    histogram
        Shape (classes). How many of them are in each class.

    """

    nodes: tuple[int, ...]
    conditions: tuple[Condition, ...]
    names: int
    support: int
    purity: float
    histogram: IntArray

    @property
    def leaf(self) -> int:
        """The node that the path ends in."""
        return self.nodes[-1]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NominalTree:
    """Node 0 is the root; where a node's test holds, the way goes on to `is_child`.

    Attributes
    ----------
    is_child, is_not_child
        Shape (nodes). `LEAF` in a leaf.
    factor, cluster
        Shape (nodes). The test "factor is cluster"; `LEAF` in a leaf.
    histograms
        Shape (nodes, classes). The training images at each node, by class.

    """

    is_child: IntArray
    is_not_child: IntArray
    factor: IntArray
    cluster: IntArray
    histograms: IntArray

    def __post_init__(self) -> None:
        make_read_only(self)

    @property
    def leaves(self) -> IntArray:
        """The nodes without a test."""
        return np.flatnonzero(self.factor == LEAF)

    @property
    def names(self) -> IntArray:
        """The commonest class at each node, shape (nodes)."""
        return np.asarray(self.histograms.argmax(axis=1), dtype=np.int64)

    def leaf_of(self, codes: IntArray) -> IntArray:
        """Give the leaf that each image falls into, for ids of shape (images, factors)."""
        check_shape("codes", codes, "images", "factors")
        node = np.zeros(len(codes), dtype=np.int64)
        images = np.arange(len(codes))
        while np.any(self.factor[node] != LEAF):
            holds = codes[images, self.factor[node]] == self.cluster[node]
            onward = np.where(holds, self.is_child[node], self.is_not_child[node])
            node = np.where(self.factor[node] == LEAF, node, onward)
        return node

    def predict(self, codes: IntArray) -> IntArray:
        """Name a class for each image, from its ids of shape (images, factors)."""
        return self.names[self.leaf_of(codes)]

    def path(self, codes: IntArray) -> TreePath:
        """Give the way of one image, from its ids of shape (factors)."""
        return self.path_to(int(self.leaf_of(codes[None, :])[0]))

    def path_to(self, leaf: int) -> TreePath:
        """Give the way from the root to a leaf."""
        nodes, conditions = [leaf], list[Condition]()
        while nodes[0] != 0:
            parent, holds = self._parent(nodes[0])
            nodes.insert(0, parent)
            step = Condition(int(self.factor[parent]), int(self.cluster[parent]), holds)
            conditions.insert(0, step)
        histogram = self.histograms[leaf]
        return TreePath(
            nodes=tuple(nodes),
            conditions=tuple(conditions),
            names=int(histogram.argmax()),
            support=int(histogram.sum()),
            purity=float(histogram.max() / histogram.sum()),
            histogram=histogram,
        )

    def _parent(self, node: int) -> tuple[int, bool]:
        found = np.flatnonzero(self.is_child == node)
        if len(found):
            return int(found[0]), True
        return int(np.flatnonzero(self.is_not_child == node)[0]), False
