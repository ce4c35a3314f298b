"""The smallest change of the trace that changes the class, written as JSON."""

import dataclasses
import math
from typing import Self, final

from explainers.meta_forest.served.crossing import Crossings
from explainers.meta_forest.served.fragments import LeafFragment, feature_name
from explainers.meta_forest.served.tree import MetaTree
from explainers.meta_forest.served.words import Interval, merge, number, quoted, say

NOTHING = "null"
# One side of a leaf's box, ``low < value <= high``: the two classes whose distances it
# compares, the two limits, and the record of the test at either limit.
Side = tuple[int, int, float, float, str, str]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class SmallestChange:
    """What would have to be otherwise in a row for the tree to name another class.

    It is a change of the trace, not of the image: no image need exist where the row would
    end. `Crossings` says how the leaf is found; its distance is that from the row to the
    leaf's box, its border included. Of several tests of the leaf on one side of one feature
    only the tightest is told.

    Attributes
    ----------
    crossings
        The tree, ready to be searched.
    leaves
        Per leaf a record as JSON text, with places for the distance and for the tests.
    boxes
        Per leaf its sides; the records have places for the value and for how far it is.
    unit
        The smallest difference that is displayed.

    """

    crossings: Crossings
    leaves: tuple[str, ...]
    boxes: tuple[tuple[Side, ...], ...]
    unit: float

    @classmethod
    def of(
        cls,
        tree: MetaTree,
        pairs: list[tuple[int, int]],
        groups: list[str],
        fragments: tuple[LeafFragment, ...],
        classes: tuple[str, ...],
        decimals: int,
    ) -> Self:
        """Write all that can be written before any image has come; see `leaf_fragments`."""
        tests = _Tests(pairs, groups, decimals)
        return cls(
            crossings=Crossings.of(tree, pairs),
            leaves=tuple(_leaf(fragment, classes, decimals) for fragment in fragments),
            boxes=tuple(tuple(tests.side(i) for i in merge(path)) for path in tree.paths),
            unit=10.0**-decimals,
        )

    def record(self, leaf: LeafFragment, distances: list[float]) -> str:
        """Write the smallest change as a JSON object; ``null`` where there is none.

        Parameters
        ----------
        leaf
            That the row has reached.
        distances
            Per class with clusters the distance to the nearest of them.

        """
        other = self.crossings.nearest(distances, leaf.names)
        if other is None:
            return NOTHING
        gaps, unmet = [], []
        for first, second, low, high, above, below in self.boxes[other]:
            value = distances[first] - distances[second]
            # What is shown fails the test too, and is what the steps show of the feature.
            if value > high:
                value = max(value, high + self.unit)
                gaps.append(value - high)
                unmet.append(below % (value, gaps[-1]))
            elif value <= low:
                value = max(value, _least(leaf, (first, second)))
                gaps.append(max(low - value, 0.0))
                unmet.append(above % (value, gaps[-1]))
        return self.leaves[other] % (math.hypot(*gaps), ",".join(unmet))


def _least(leaf: LeafFragment, pair: tuple[int, int]) -> float:
    return next((step[0] for step in leaf.steps if step[1:] == pair), -math.inf)


def _leaf(fragment: LeafFragment, classes: tuple[str, ...], decimals: int) -> str:
    names = f'{{"label":{quoted(classes[fragment.names])},"index":{fragment.names}}}'
    return (
        f'{{"leaf":{quoted(fragment.region)},"names":{names},"distance":%.{decimals}f,'
        f'"unmet":[%s]}}'
    )


@final
class _Tests:
    """The records of a tree's tests; many leaves share one, so each is written once."""

    def __init__(self, pairs: list[tuple[int, int]], groups: list[str], decimals: int) -> None:
        self._pairs, self._groups, self._decimals = pairs, groups, decimals
        self._written: dict[Interval, str] = {}

    def side(self, interval: Interval) -> Side:
        low = -math.inf if interval.above is None else interval.above
        high = math.inf if interval.below is None else interval.below
        above = self._record(dataclasses.replace(interval, below=None))
        below = self._record(dataclasses.replace(interval, above=None))
        return (*self._pairs[interval.feature], low, high, above, below)

    def _record(self, wanted: Interval) -> str:
        if wanted not in self._written:
            self._written[wanted] = self._write(wanted)
        return self._written[wanted]

    def _write(self, wanted: Interval) -> str:
        limit = wanted.above if wanted.below is None else wanted.below
        if limit is None:
            return ""
        first, second = (self._groups[group] for group in self._pairs[wanted.feature])
        return (
            f'{{"feature":{quoted(feature_name(first, second))},"value":%.{self._decimals}f,'
            f'"test":"{">" if wanted.below is None else "<="}","threshold":{number(limit)},'
            f'"outcome":false,"by":%.{self._decimals}f,'
            f'"text":{quoted(say(wanted, first, second))}}}'
        )
