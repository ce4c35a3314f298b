"""The nearest leaf that names another class: a search among the leaves' boxes."""

import dataclasses
import math
from typing import Self, final

from explainers.meta_forest.served.tree import MetaTree

# An inner node is (first, second, threshold, low, high, left, right): the test is
# ``distances[first] - distances[second] <= threshold``, and the tests above it leave that
# value between `low` and `high`. A test that is decided already has no node. A leaf is its
# rank.
Border = tuple[int, int, float, float, float, "Border", "Border"] | int
Bounds = tuple[float, float]
_EVERYWHERE: Bounds = (-math.inf, math.inf)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Crossings:
    """A tree, ready to be asked which leaf of another class is nearest to a row.

    The tests on the way to a leaf leave each feature an interval, ``low < feature <= high``,
    and so the leaf a box. A walk down the tree adds, at each test that the row fails, what
    that adds to the squared distance from the row to the box, and turns back where it is
    more than the best so far.

    Attributes
    ----------
    root
        The tree, nested.
    leaves, names
        By rank: the leaf's number, and the class that it names. Equally near leaves are
        taken by rank: fewest tests first, then the smallest number.

    References
    ----------
    Tolomei et al., Interpretable predictions of tree-based ensembles via actionable feature
    tweaking, KDD 2017: one candidate per path that ends in another class, and the cheapest
    is taken. Departures: for one tree the candidates need no check against other trees, so
    the answer is exact; there is no step of epsilon beyond a threshold, the distance is that
    to the border; all features may change, and all weigh the same. The features are moved
    as if each could move alone, though all are differences of a few distances.

    """

    root: Border
    leaves: tuple[int, ...]
    names: tuple[int, ...]

    @classmethod
    def of(cls, tree: MetaTree, pairs: list[tuple[int, int]]) -> Self:
        """Prepare a tree whose features are margins between `pairs` of classes."""
        names, lengths = tree.names(), [len(path) for path in tree.paths]
        order = sorted(range(len(names)), key=lambda leaf: (lengths[leaf], leaf))
        return cls(
            root=_nested(tree, pairs, order),
            leaves=tuple(order),
            names=tuple(names[leaf] for leaf in order),
        )

    def nearest(self, distances: list[float], named: int) -> int | None:
        """Give the number of the nearest leaf of another class, or None where there is none.

        Parameters
        ----------
        distances
            Per class with clusters the distance to the nearest of them.
        named
            The class that the row's own leaf names.

        """
        names, best, found = self.names, math.inf, -1
        waiting: list[tuple[float, Border]] = [(0.0, self.root)]
        while waiting:
            squared, node = waiting.pop()
            while isinstance(node, tuple):
                first, second, threshold, low, high, left, right = node
                value = distances[first] - distances[second]
                if value <= threshold:
                    node, other, missed = left, right, low - value
                else:
                    node, other, missed = right, left, value - high
                gap = value - threshold
                # What the row misses on this side was counted at the test above.
                more = gap * gap - (missed * missed if missed > 0.0 else 0.0)
                if squared + more <= best:
                    waiting.append((squared + more, other))
            if names[node] != named and (squared, node) < (best, found):
                best, found = squared, node
        return None if found < 0 else self.leaves[found]


def _nested(tree: MetaTree, pairs: list[tuple[int, int]], order: list[int]) -> Border:
    """Nest a tree, each test with the bounds that the tests above it leave."""
    ranks = {tree.leaves[leaf]: rank for rank, leaf in enumerate(order)}
    bounds, built = _bounds(tree), dict[int, Border]()
    # Children come after their parents.
    for node in reversed(range(len(tree.left))):
        left, right = int(tree.left[node]), int(tree.right[node])
        if node in ranks:
            built[node] = ranks[node]
        elif left in bounds and right in bounds:
            compared, limit = pairs[int(tree.feature[node])], float(tree.threshold[node])
            built[node] = (*compared, limit, *bounds[node], built[left], built[right])
        elif node in bounds:
            built[node] = built[left if left in bounds else right]
    return built[0]


def _bounds(tree: MetaTree) -> dict[int, Bounds]:
    """Give, per node that a row can reach, what the tests above leave its own feature."""
    left, right = tree.left.tolist(), tree.right.tolist()
    feature, threshold = tree.feature.tolist(), tree.threshold.tolist()
    found: dict[int, Bounds] = {}
    waiting: list[tuple[int, dict[int, Bounds]]] = [(0, {})]
    while waiting:
        node, box = waiting.pop()
        low, high = found[node] = box.get(feature[node], _EVERYWHERE)
        if left[node] < 0:
            continue
        limit = threshold[node]
        sides = ((left[node], (low, min(high, limit))), (right[node], (max(low, limit), high)))
        for child, side in sides:
            if side[0] < side[1]:
                waiting.append((child, {**box, feature[node]: side}))
    return found
