"""Reading R2: images fall into clusters on the whole layer, then into clusters of those."""

import dataclasses
from typing import ClassVar, Self, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.meta_forest.fitting.inte.centroids import fit_centroids, squared_distances
from explainers.meta_forest.fitting.inte.reading import Reading, ReadingSetting


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NestedRows(Reading):
    """Two factors: the coarse cluster of an image, and the fine one within it.

    Attributes
    ----------
    fitted_codes
        Shape (images, factors=2).
    coarse
        Shape (coarse clusters, units).
    fine
        Shape (fine clusters, units).
    parent
        Shape (fine clusters). The coarse cluster that each fine one lies in.

    """

    name: ClassVar[str] = "rows"
    fitted_codes: IntArray
    coarse: DoubleArray
    fine: DoubleArray
    parent: IntArray

    @classmethod
    def layer_of(cls, table: ActivationTable) -> FloatArray:
        """Give the explained layer, flattened."""
        return table.hidden

    @classmethod
    def fit(cls, layer: FloatArray, setting: ReadingSetting, rng: np.random.Generator) -> Self:
        """Cluster the images of a layer of shape (images, units), then each cluster's."""
        coarse = fit_centroids(layer, setting.level_one, rng)
        codes = np.stack([coarse.labels, coarse.labels], axis=1)
        fine: list[DoubleArray] = []
        for cluster in range(len(coarse.centroids)):
            members = np.flatnonzero(coarse.labels == cluster)
            inner = fit_centroids(layer[members], min(setting.level_two, len(members)), rng)
            codes[members, 1] = inner.labels + sum(map(len, fine))
            fine.append(inner.centroids)
        parent = np.repeat(np.arange(len(fine)), [len(part) for part in fine])
        return cls(codes, coarse.centroids, np.concatenate(fine), parent)

    @property
    def clusters(self) -> tuple[int, ...]:
        """How many coarse and how many fine clusters there are."""
        return len(self.coarse), len(self.fine)

    def distances(self, layer: AnyArray, factor: int) -> DoubleArray:
        """Give squared distances; infinite to fine clusters outside the image's coarse one."""
        check_shape("layer", layer, "images", "units", units=self.coarse.shape[1])
        to_coarse = squared_distances(layer, self.coarse)
        if factor == 0:
            return to_coarse
        inside = self.parent[None, :] == to_coarse.argmin(axis=1)[:, None]
        return np.where(inside, squared_distances(layer, self.fine), np.inf)

    def units(self, factor: int) -> IntArray:  # noqa: ARG002  every factor sees all units
        """Give all units: both levels look at the whole layer."""
        return np.arange(self.coarse.shape[1])

    def title(self, factor: int) -> str:
        """Name the level."""
        return ("the whole layer, coarsely", "the whole layer, finely")[factor]
