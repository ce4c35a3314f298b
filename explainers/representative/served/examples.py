"""The training images that the polytopes are shown by."""

import dataclasses
import math
from typing import final

import numpy as np
import orjson

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.representative.served.polytopes import Polytopes

_FAR = np.float32(np.inf)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """Stored training images, in boundary space.

    Attributes
    ----------
    ids
        How replies call them.
    points
        Shape (examples, units).
    predicted
        Shape (examples). The class that the network gives them.

    """

    ids: tuple[str, ...]
    points: FloatArray
    predicted: IntArray

    def __post_init__(self) -> None:
        squares = np.square(self.points).sum(axis=1)
        groups = dict[int, Group]()
        for label in np.unique(self.predicted).tolist():
            rows = np.flatnonzero(self.predicted == label)
            ids = tuple(orjson.dumps(self.ids[row]).decode() for row in rows.tolist())
            doubled = np.ascontiguousarray(-2.0 * self.points[rows])
            groups[label] = Group(ids, self.points[rows], doubled, squares[rows])
        object.__setattr__(self, "groups", groups)

    groups: dict[int, "Group"] = dataclasses.field(init=False, repr=False)

    def beyond(self, polytopes: Polytopes, guarded: IntArray) -> tuple[FloatArray | None, ...]:
        """Give per facet each example's squared length, infinite on the inner side.

        Of the examples of the class that the facet guards against; None where none of them
        lies beyond it.
        """
        found: list[FloatArray | None] = [None] * len(guarded)
        for label, group in self.groups.items():
            facets = np.flatnonzero(guarded == label)
            values = group.points @ polytopes.normals[facets].T + polytopes.offsets[facets]
            for facet, column in zip(facets.tolist(), values.T, strict=True):
                if (column < 0).any():
                    found[facet] = np.where(column < 0, group.squares, _FAR)
        return tuple(found)

    def nearest_beyond(
        self, point: FloatArray, square: float, label: int, beyond: FloatArray
    ) -> tuple[str, float]:
        """Give the id, encoded, of the example nearest to a point beyond a facet, and its distance.

        `square` is the point's squared length; `beyond` is what `beyond` gave for the facet.
        """
        group = self.groups[label]
        scores = group.doubled @ point + beyond
        best = int(scores.argmin())
        return group.ids[best], math.sqrt(max(float(scores[best]) + square, 0.0))

    def nearest_outside(
        self, point: DoubleArray, label: int, normal: DoubleArray, offset: float
    ) -> tuple[str, float] | None:
        """Do the same for a facet that is not stored; None where no example lies beyond it."""
        group = self.groups.get(label)
        if group is None:
            return None
        beyond = np.flatnonzero(group.points @ normal + offset < 0)
        if not len(beyond):
            return None
        away = np.linalg.norm(group.points[beyond] - point, axis=1)
        best = int(away.argmin())
        return group.ids[int(beyond[best])], float(away[best])


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The examples that the network puts into one class.

    Attributes
    ----------
    ids
        Encoded as JSON.
    points, doubled
        Shape (examples, units). The second are minus twice the first.
    squares
        Shape (examples). Squared lengths.

    """

    ids: tuple[str, ...]
    points: FloatArray
    doubled: FloatArray
    squares: FloatArray
