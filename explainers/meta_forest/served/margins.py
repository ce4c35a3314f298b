"""Meta-features of the network route: margins between clusters of activations."""

import dataclasses
import math
from typing import final

import numpy as np

from explainers.arrays import AnyArray, FloatArray, IntArray, make_read_only
from explainers.heads import FLOAT, Head, Node


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClassDistances:
    """Distances from an activation to the nearest cluster of each class.

    With ``|h - c|^2 = |c|^2 - 2 c.h + |h|^2`` all clusters cost one matrix product.

    Attributes
    ----------
    centroids
        Shape (clusters, units). Sorted by class.
    starts
        Shape (classes with clusters). Where each class's clusters begin.

    """

    centroids: FloatArray
    starts: IntArray
    _doubled: FloatArray = dataclasses.field(init=False, repr=False)
    _norms: FloatArray = dataclasses.field(init=False, repr=False)
    _even: int = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        norms = (self.centroids.astype(np.float64) ** 2).sum(axis=1)
        object.__setattr__(self, "_norms", norms.astype(np.float32))
        object.__setattr__(self, "_doubled", np.ascontiguousarray(-2.0 * self.centroids))
        sizes = np.diff([*self.starts.tolist(), len(self.centroids)])
        even = int(sizes[0]) if np.all(sizes == sizes[0]) else 0
        object.__setattr__(self, "_even", even)
        make_read_only(self)

    def closest(self, hidden: FloatArray) -> tuple[list[float], list[int]]:
        """Give, per class, the distance to its nearest cluster, and that cluster.

        Parameters
        ----------
        hidden
            Shape (units).

        """
        scores: FloatArray = self._doubled @ hidden
        scores += self._norms  # squared distances less |hidden|^2
        if self._even:
            table = scores.reshape(-1, self._even)
            inside, even = table.argmin(axis=1).tolist(), self._even
            clusters = [group * even + place for group, place in enumerate(inside)]
            least: list[float] = table.min(axis=1).tolist()
        else:
            ends = [*self.starts[1:].tolist(), len(scores)]
            runs = zip(self.starts.tolist(), ends, strict=True)
            clusters = [begin + int(scores[begin:end].argmin()) for begin, end in runs]
            least = scores[clusters].tolist()
        own = float(np.dot(hidden, hidden))
        return [math.sqrt(max(score + own, 0.0)) for score in least], clusters

    def read(self, numbers: list[float]) -> tuple[list[float], list[int]] | None:
        """Give what `closest` gives, from the numbers of the graph's head.

        None where they cannot be such, whoever wrote the graph.
        """
        groups = len(self.starts)
        own, even = numbers[-1], self._even
        places = numbers[groups:-1]
        if min(places) < 0 or max(places) >= even:
            return None
        clusters = [group * even + int(place) for group, place in enumerate(places)]
        return [math.sqrt(max(score + own, 0.0)) for score in numbers[:groups]], clusters

    def head(self, name: str) -> Head | None:
        """Say what `closest` computes, where every class has as many clusters."""
        if not self._even:
            return None
        groups = len(self.starts)
        nodes = (
            Node("MatMul", ("hidden", "doubled"), ("products",)),
            Node("Add", ("products", "norms"), ("scores",)),
            Node("Reshape", ("scores", "shape"), ("table",)),
            Node("ReduceMin", ("table", "last"), ("least",), {"keepdims": 0}),
            Node("ArgMin", ("table",), ("place",), {"axis": 2, "keepdims": 0}),
            Node("Cast", ("place",), ("inside",), {"to": FLOAT}),
            Node("ReduceSumSquare", ("hidden", "one"), ("own",)),
        )
        constants: dict[str, AnyArray] = {
            "doubled": np.ascontiguousarray(self._doubled.T),
            "norms": self._norms,
            "shape": np.array([-1, groups, self._even]),
            "last": np.array([2]),
            "one": np.array([1]),
        }
        return Head(name, nodes, constants, ("least", "inside", "own"), (groups, groups, 1))

    def squared_many(self, hidden: FloatArray) -> FloatArray:
        """Give squared distances, shape (images, clusters), for (images, units)."""
        own = np.einsum("ij,ij->i", hidden, hidden)
        squared: FloatArray = hidden @ self._doubled.T + self._norms + own[:, None]
        return squared

    def per_class(self, squared: FloatArray) -> FloatArray:
        """Give the distance to each class's nearest cluster, shape (..., classes)."""
        if self._even:
            least = squared.reshape(*squared.shape[:-1], -1, self._even).min(axis=-1)
        else:
            least = np.minimum.reduceat(squared, self.starts, axis=-1)
        distances: FloatArray = np.sqrt(np.maximum(least, 0.0))
        return distances


def margins(distances: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    """Give ``distances[first] - distances[second]``, shape (..., pairs).

    Negative where the row is closer to a cluster of the first class of the pair.
    """
    return distances[..., first] - distances[..., second]
