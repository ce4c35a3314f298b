"""Many polytopes in one table of half-spaces."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import AnyArray, BoolArray, DoubleArray, FloatArray, IntArray, make_read_only
from explainers.heads import Head, Node

WITNESSES = 6
ROWS = 4_096  # points at a time: a table of all of them may be larger than the memory
NEAR = 1e-4  # below this share of the coordinates' size float32 does not tell a side


def blur(points: FloatArray) -> FloatArray:
    """Give the distance, shape (points), within which float32 does not tell a side."""
    found: FloatArray = np.float32(NEAR) * (1 + np.sqrt(np.square(points).sum(axis=-1)))
    return found


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Polytopes:
    """Convex polytopes; a point lies in one where it is inside every facet.

    Attributes
    ----------
    normals
        Shape (facets, units). Of unit length, pointing inwards.
    offsets
        Shape (facets). ``normals @ point + offsets`` is the distance to the facet.
    starts
        Shape (polytopes + 1). Where each polytope's facets begin. The first six of each are
        its witnesses, asked first: what is beyond one of them is outside.

    """

    normals: FloatArray
    offsets: FloatArray
    starts: IntArray

    def __post_init__(self) -> None:
        # Where a polytope has fewer facets its last is asked again, which changes nothing.
        slots = np.minimum(np.arange(WITNESSES), np.diff(self.starts)[:, None] - 1)
        asked = (self.starts[:-1, None] + slots).ravel()
        object.__setattr__(self, "_asked", np.ascontiguousarray(self.normals[asked]))
        object.__setattr__(self, "_places", self.offsets[asked])
        make_read_only(self)

    _asked: FloatArray = dataclasses.field(init=False, repr=False)
    _places: FloatArray = dataclasses.field(init=False, repr=False)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def depths(self, points: FloatArray) -> FloatArray:
        """Give distances to the nearest facet, shape (..., polytopes), for (..., units).

        Positive inside; outside it is how far the point is beyond some facet.
        """
        values = points @ self.normals.T + self.offsets
        found: FloatArray = np.minimum.reduceat(values, self.starts[:-1], axis=-1)
        return found

    def depths_exactly(self, points: FloatArray) -> DoubleArray:
        """Do the same in float64, for points that lie on a facet or nearly so."""
        values = points.astype(np.float64) @ self.normals.T.astype(np.float64) + self.offsets
        found: DoubleArray = np.minimum.reduceat(values, self.starts[:-1], axis=-1)
        return found

    def members(self, points: FloatArray, least_depth: float = 0.0) -> BoolArray:
        """Say which points lie deeper than `least_depth`, shape (points, polytopes).

        In float32, and again in float64 for those near that depth.
        """
        found = np.empty((len(points), len(self)), dtype=np.bool_)
        for start in range(0, len(points), ROWS):
            found[start : start + ROWS] = self._members(points[start : start + ROWS], least_depth)
        return found

    def _members(self, points: FloatArray, least_depth: float) -> BoolArray:
        depths = self.depths(points)
        found = depths > least_depth
        unsure = np.abs(depths - np.float32(least_depth)) < blur(points)[:, None]
        rows = np.flatnonzero(unsure.any(axis=1))
        if rows.size:
            found[rows] = self.depths_exactly(points[rows]) > least_depth
        return found

    def facets(self, polytope: int) -> slice:
        """Give the places of one polytope's facets."""
        return slice(int(self.starts[polytope]), int(self.starts[polytope + 1]))

    def bounds(self, point: FloatArray) -> list[float]:
        """Give the distance to each polytope's nearest witness: no depth is more than that."""
        distances = (self._asked @ point + self._places).reshape(-1, WITNESSES)
        found: list[float] = distances.min(axis=1).tolist()
        return found

    def head(self, name: str) -> Head:
        """Let the graph compute `bounds` of one image."""
        nodes = (
            Node("MatMul", ("boundary", "normals"), ("products",)),
            Node("Add", ("products", "offsets"), ("distances",)),
            Node("Reshape", ("distances", "shape"), ("table",)),
            Node("ReduceMin", ("table", "last"), ("bounds",), {"keepdims": 0}),
        )
        constants: dict[str, AnyArray] = {
            "normals": np.ascontiguousarray(self._asked.T),
            "offsets": self._places,
            "shape": np.array([-1, len(self), WITNESSES], dtype=np.int64),
            "last": np.array([2], dtype=np.int64),
        }
        return Head(name, nodes, constants, ("bounds",), (len(self),))
