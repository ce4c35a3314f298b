"""Reading R1: units fall into factors, then images into clusters within each factor."""

import dataclasses
from typing import ClassVar, Self, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.meta_forest.fitting.inte.centroids import fit_centroids, squared_distances
from explainers.meta_forest.fitting.inte.factors import FactorMap, fit_factors
from explainers.meta_forest.fitting.inte.reading import Reading, ReadingSetting


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ColumnFactors(Reading):
    """The default reading, and the only one that gives several base learners their work.

    Attributes
    ----------
    fitted_codes
        Shape (images, factors).
    factor_map
        Level 1.
    centroids
        Level 2: for each factor an array of shape (clusters, units of the factor).

    """

    name: ClassVar[str] = "columns"
    fitted_codes: IntArray
    factor_map: FactorMap
    centroids: tuple[DoubleArray, ...]

    @classmethod
    def layer_of(cls, table: ActivationTable) -> FloatArray:
        """Give the explained layer, flattened."""
        return table.hidden

    @classmethod
    def fit(cls, layer: FloatArray, setting: ReadingSetting, rng: np.random.Generator) -> Self:
        """Cluster the units of a layer of shape (images, units), then the images."""
        factor_map = fit_factors(layer, setting.level_one, rng)
        found = [
            fit_centroids(layer[:, factor_map.units(factor)], setting.level_two, rng)
            for factor in range(factor_map.count)
        ]
        codes = np.stack([clustering.labels for clustering in found], axis=1)
        return cls(codes, factor_map, tuple(clustering.centroids for clustering in found))

    @property
    def clusters(self) -> tuple[int, ...]:
        """How many clusters each factor has."""
        return tuple(len(centroids) for centroids in self.centroids)

    def distances(self, layer: AnyArray, factor: int) -> DoubleArray:
        """Give squared distances in the factor's own units, shape (images, clusters)."""
        check_shape("layer", layer, "images", "units", units=len(self.factor_map.factor_of_unit))
        return squared_distances(layer[:, self.factor_map.units(factor)], self.centroids[factor])

    def units(self, factor: int) -> IntArray:
        """Give the units of one factor."""
        return self.factor_map.units(factor)

    def title(self, factor: int) -> str:
        """Say how many units the factor holds."""
        return f"{len(self.units(factor))} units that rise and fall together"
