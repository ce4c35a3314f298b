"""Approximate search among all training images, where a model was fitted so."""

import dataclasses
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, Self, final

import numpy as np

from explainers import storage
from explainers.arrays import (
    FloatArray,
    IntArray,
    check_lengths,
    check_range,
    check_shape,
    make_read_only,
)
from explainers.errors import ArtefactError, NotApplicableError
from explainers.neighbours.served.example_ids import check_ids

PROBED = 8


@final
@dataclasses.dataclass(frozen=True, eq=False)
class WholeSet:
    """All training images in an inverted-file index, which faiss builds at load.

    Attributes
    ----------
    vectors
        Shape (images, units). Activations.
    centroids
        Shape (lists, units). The index's coarse quantiser.
    rows, labels, predicted, clusters
        Shape (images). As of `Representatives`.
    ids
        How replies call the images.
    cluster_names
        The names of the clusters.

    """

    name: ClassVar[str] = "whole_set"

    vectors: FloatArray
    centroids: FloatArray
    rows: IntArray
    ids: tuple[str, ...]
    labels: IntArray
    predicted: IntArray
    clusters: IntArray
    cluster_names: tuple[str, ...]
    stands_for: IntArray = dataclasses.field(init=False, repr=False)
    _index: Any = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._check()
        # Each is shown for itself alone.
        object.__setattr__(self, "stands_for", np.ones(len(self.rows), dtype=np.int64))
        object.__setattr__(self, "_index", _build(self.vectors, self.centroids))
        make_read_only(self)

    def _check(self) -> None:
        check_shape("vectors", self.vectors, "images", "units")
        count, units = self.vectors.shape
        check_shape("centroids", self.centroids, "lists", "units", units=units)
        check_lengths("vectors", self.vectors)
        check_lengths("centroids", self.centroids)
        check_ids(self.ids)
        for name in ("rows", "labels", "predicted", "clusters"):
            check_shape(name, getattr(self, name), "images", images=count)
        check_range("clusters", self.clusters, 0, len(self.cluster_names) - 1)
        if len(self.ids) != count:
            raise ArtefactError(f"ids must name {count} images, but name {len(self.ids)}")

    def search(
        self, hidden: FloatArray, count: int, without: AbstractSet[int] = frozenset()
    ) -> list[tuple[int, float]]:
        """Find near images: positions and Euclidean distances, nearest first.

        Parameters
        ----------
        hidden
            Shape (units).
        count
            How many are wanted; fewer come where the lists that are probed hold fewer.
        without
            Positions that are passed over.

        """
        wanted = count
        while True:
            squared, positions = self._index.search(hidden[None], wanted)
            pairs = zip(positions[0].tolist(), squared[0].tolist(), strict=True)
            found = [(place, max(value, 0.0) ** 0.5) for place, value in pairs if place >= 0]
            kept = [one for one in found if one[0] not in without][:count]
            if len(kept) == count or len(found) < wanted:
                return kept
            wanted *= 2

    def save(self, folder: Path) -> None:
        """Write ``whole_set.safetensors`` and ``whole_set.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)


def _build(vectors: FloatArray, centroids: FloatArray) -> Any:  # noqa: ANN401  faiss has no types
    try:
        import faiss  # noqa: PLC0415  an extra: only models that were fitted so need it
    except ImportError as error:
        raise NotApplicableError(
            "this model searches all training images, which needs faiss: "
            "pip install 'reasoned[faiss]', or fit with --examples representatives"
        ) from error
    faiss.omp_set_num_threads(1)
    units = vectors.shape[1]
    quantiser = faiss.IndexFlatL2(units)
    quantiser.add(np.ascontiguousarray(centroids))
    index = faiss.IndexIVFFlat(quantiser, units, len(centroids))
    index.nprobe = min(PROBED, len(centroids))
    index.is_trained = True
    index.add(np.ascontiguousarray(vectors))
    return index
