"""Exact search for the nearest representative training examples."""

import dataclasses
import functools
import math
from collections.abc import Collection
from pathlib import Path
from typing import ClassVar, Self, final

import numpy as np

from explainers import storage
from explainers.activations import Activations
from explainers.arrays import (
    AnyArray,
    FloatArray,
    IntArray,
    check_lengths,
    check_range,
    check_shape,
    make_read_only,
)
from explainers.errors import ArtefactError
from explainers.heads import FLOAT, Head, Node
from explainers.neighbours.served.example_ids import check_ids

MOST_IN_HEAD = 5
NEAR_SHARE = 0.05
_PROBES, _LEAST_PROBES, _MOST_WORK = 256, 32, 2_000_000_000


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The nearest representatives and the nearest of another predicted class.

    Attributes
    ----------
    positions, distances
        Nearest first; distances are Euclidean, in the explained layer.
    contrast, contrast_distance
        The nearest representative that the network puts in another class, or None.

    """

    positions: list[int]
    distances: list[float]
    contrast: int | None
    contrast_distance: float | None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Representatives:
    """Medoids of clusters of training images, and whom each stands for.

    Attributes
    ----------
    vectors
        Shape (representatives, units). Activations, sorted by predicted class.
    rows
        Shape (representatives). Rows of the data set, each once.
    ids
        How replies call them.
    labels, predicted
        Shape (representatives). The true class and the network's.
    stands_for
        Shape (representatives). Training images whose nearest representative it is.
    clusters
        Shape (representatives). Positions in `cluster_names`.
    cluster_names
        The names of the first level's clusters.

    """

    name: ClassVar[str] = "representatives"

    vectors: FloatArray
    rows: IntArray
    ids: tuple[str, ...]
    labels: IntArray
    predicted: IntArray
    stands_for: IntArray
    clusters: IntArray
    cluster_names: tuple[str, ...]
    _doubled: FloatArray = dataclasses.field(init=False, repr=False)
    _norms: FloatArray = dataclasses.field(init=False, repr=False)
    _slices: dict[int, slice] = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._check()
        # Around their mean c, |v - h|^2 is (|v - c|^2 + 2 (v - c).c) - 2 (v - c).h and a
        # constant: far from the origin that loses fewer digits than |v|^2 - 2 v.h.
        centre = self.vectors.mean(axis=0, dtype=np.float64)
        moved = self.vectors - centre
        norms = (moved**2).sum(axis=1) + 2.0 * moved @ centre
        object.__setattr__(self, "_norms", norms.astype(np.float32))
        object.__setattr__(self, "_doubled", (-2.0 * moved).astype(np.float32, order="C"))
        classes = np.unique(self.predicted)
        first = np.searchsorted(self.predicted, classes, "left").tolist()
        after = np.searchsorted(self.predicted, classes, "right").tolist()
        slices = {
            int(c): slice(a, b) for c, a, b in zip(classes.tolist(), first, after, strict=True)
        }
        object.__setattr__(self, "_slices", slices)
        make_read_only(self)

    def _check(self) -> None:
        check_shape("vectors", self.vectors, "representatives", "units")
        check_lengths("vectors", self.vectors)
        count = len(self.vectors)
        check_range("number of representatives", np.array([count]), 1, np.iinfo(np.int64).max)
        for name in ("rows", "labels", "predicted", "stands_for", "clusters"):
            check_shape(name, getattr(self, name), "representatives", representatives=count)
        check_range("clusters", self.clusters, 0, len(self.cluster_names) - 1)
        check_range("stands_for", self.stands_for, 1, np.iinfo(np.int64).max)
        check_ids(self.ids)
        if len(set(self.ids)) != count or len(np.unique(self.rows)) != count:
            raise ArtefactError(f"representatives must be {count} different images")
        if np.any(np.diff(self.predicted) < 0):
            raise ArtefactError("representatives must be sorted by predicted class")

    def __len__(self) -> int:
        return len(self.vectors)

    def find(self, activations: Activations, count: int) -> Found:
        """Find the nearest representatives of an image; see `search`."""
        numbers = activations.heads.get(self.name)
        half = 0 if numbers is None else len(numbers) // 2
        if numbers is None or count > MOST_IN_HEAD or not self._sound(numbers, half):
            return self.search(activations.hidden, activations.predicted, count)
        pairs = zip(numbers[: half - 1], numbers[half:-1], strict=True)
        nearest = sorted((math.sqrt(squared), int(place)) for squared, place in pairs)[:count]
        own = self._slices.get(activations.predicted)
        has_other = own is None or own.stop - own.start < len(self.vectors)
        return Found(
            positions=[position for _, position in nearest],
            distances=[distance for distance, _ in nearest],
            contrast=int(numbers[-1]) if has_other else None,
            contrast_distance=math.sqrt(numbers[half - 1]) if has_other else None,
        )

    def _sound(self, numbers: list[float], half: int) -> bool:
        """Tell whether a graph's numbers can be squared distances, and positions."""
        places = numbers[half:]
        return min(numbers) >= 0.0 and max(places) < len(self.vectors)

    def head(self) -> Head:
        """Let the graph search, for up to five examples and the contrast."""
        wanted = min(MOST_IN_HEAD, len(self.vectors))
        nodes = (
            Node("MatMul", ("hidden", "doubled"), ("products",)),
            Node("Add", ("products", "norms"), ("scores",)),
            Node("TopK", ("scores", "wanted"), ("least", "nearest"), {"largest": 0}),
            Node("ArgMax", ("logits",), ("class",), {"axis": 1}),
            Node("Equal", ("classes", "class"), ("own",)),
            Node("Where", ("own", "far", "scores"), ("others",)),
            Node("ArgMin", ("others",), ("other",), {"axis": 1}),
            Node("Concat", ("nearest", "other"), ("all",), {"axis": 1}),
            Node("Cast", ("all",), ("positions",), {"to": FLOAT}),
            Node("Gather", ("vectors", "all"), ("rows",)),
            Node("Unsqueeze", ("hidden", "one"), ("row",)),
            Node("Sub", ("rows", "row"), ("gaps",)),
            Node("ReduceSumSquare", ("gaps", "two"), ("squared",), {"keepdims": 0}),
        )
        constants: dict[str, AnyArray] = {
            "doubled": np.ascontiguousarray(self._doubled.T),
            "norms": self._norms,
            "vectors": self.vectors,
            "classes": self.predicted[None],
            "far": np.array(np.finfo(np.float32).max, dtype=np.float32),
            "wanted": np.array([wanted]),
            "one": np.array([1]),
            "two": np.array([2]),
        }
        sizes = (wanted + 1, wanted + 1)
        return Head(self.name, nodes, constants, ("squared", "positions"), sizes)

    @functools.cached_property
    def usual_gap(self) -> float:
        """How near the nearest other one is for the twentieth of them that have it nearest.

        An image that is none of them has one so near too, at times: a distance below this one
        may be that of a copy, or not. Estimated on some of them where they are many; 0 where
        there is one alone.
        """
        count, units = self.vectors.shape
        most = int(np.clip(_MOST_WORK // (count * units), _LEAST_PROBES, _PROBES))
        probes = np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))
        if count == 1:
            return 0.0
        scores = self._doubled @ self.vectors[probes].T + self._norms[:, None]
        scores[probes, np.arange(len(probes))] = np.inf
        gaps = self.vectors[scores.argmin(axis=0)] - self.vectors[probes]
        return float(np.quantile(np.linalg.norm(gaps, axis=1), NEAR_SHARE))

    def search(
        self, hidden: FloatArray, predicted: int, count: int, without: Collection[int] = ()
    ) -> Found:
        """Find the nearest representatives of an activation of shape (units).

        Parameters
        ----------
        hidden
            Shape (units).
        predicted
            The network's class for it; `contrast` is of another one.
        count
            How many are wanted; fewer come where there are fewer.
        without
            Positions that are passed over.

        """
        scores: FloatArray = self._doubled @ hidden
        scores += self._norms  # squared distance less what all share
        if without:
            scores[[*without]] = np.inf
        wanted = min(count, len(scores) - len(without))
        candidates = _least(scores, wanted)
        own = self._slices.get(predicted)
        if own is not None:
            scores[own] = np.inf
        other = int(scores.argmin())
        has_other = own is None or own.stop - own.start < len(scores)
        if without:
            has_other = has_other and bool(scores[other] < np.inf)
        exact = self._exact([*candidates, other], hidden)
        nearest = sorted(zip(exact[:-1], candidates, strict=True))
        return Found(
            positions=[position for _, position in nearest],
            distances=[distance for distance, _ in nearest],
            contrast=other if has_other else None,
            contrast_distance=exact[-1] if has_other else None,
        )

    def _exact(self, positions: list[int], hidden: FloatArray) -> list[float]:
        """Recompute without the cancellation of the expanded square."""
        gaps = self.vectors.take(positions, axis=0)
        gaps -= hidden
        gaps *= gaps
        return [math.sqrt(squared) for squared in gaps.sum(axis=1).tolist()]

    def save(self, folder: Path) -> None:
        """Write ``representatives.safetensors`` and ``representatives.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)


def _least(scores: FloatArray, count: int) -> list[int]:
    if count == 0:
        return []
    if count >= len(scores):
        return list(range(len(scores)))
    found: list[int] = scores.argpartition(count)[:count].tolist()
    return found
