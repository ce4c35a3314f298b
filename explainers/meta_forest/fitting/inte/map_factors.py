"""Reading R3: images fall into clusters on every feature map, then on all maps jointly."""

import dataclasses
from typing import ClassVar, Self, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.errors import NotApplicableError
from explainers.meta_forest.fitting.inte.centroids import fit_centroids, squared_distances
from explainers.meta_forest.fitting.inte.reading import Reading, ReadingSetting


@final
@dataclasses.dataclass(frozen=True, eq=False)
class MapFactors(Reading):
    """One factor for each feature map, and a last one for their joint pattern.

    The joint factor clusters the distances to all per-map centroids, each distance
    divided by its spread over the images, for maps differ in scale.

    Attributes
    ----------
    fitted_codes
        Shape (images, channels + 1).
    centroids
        For each channel an array of shape (clusters, rows x columns).
    spread
        Shape (distances). The standard deviation of each per-map distance.
    joint
        Shape (joint clusters, distances).

    """

    name: ClassVar[str] = "maps"
    fitted_codes: IntArray
    centroids: tuple[DoubleArray, ...]
    spread: DoubleArray
    joint: DoubleArray

    @classmethod
    def layer_of(cls, table: ActivationTable) -> FloatArray:
        """Give the last convolutional map.

        Raises
        ------
        NotApplicableError
            When the network has none.

        """
        if table.convolution is None:
            raise NotApplicableError(
                "the reading 'maps' clusters feature maps, but no convolutional map was "
                "tapped; use the reading 'columns' or 'rows'"
            )
        return table.convolution

    @classmethod
    def fit(cls, layer: FloatArray, setting: ReadingSetting, rng: np.random.Generator) -> Self:
        """Cluster a layer of shape (images, channels, rows, columns) map by map."""
        check_shape("layer", layer, "images", "channels", "rows", "columns")
        found = [
            fit_centroids(_map(layer, channel), setting.level_one, rng)
            for channel in range(layer.shape[1])
        ]
        centroids = tuple(clustering.centroids for clustering in found)
        table = _distance_table(layer, centroids)
        deviation = table.std(axis=0)
        spread = np.where(deviation > 0, deviation, 1.0)
        joint = fit_centroids(table / spread, setting.level_two, rng)
        codes = np.stack([*(clustering.labels for clustering in found), joint.labels], axis=1)
        return cls(codes, centroids, spread, joint.centroids)

    @property
    def clusters(self) -> tuple[int, ...]:
        """How many clusters each map has, and how many they have jointly."""
        return (*(len(centroids) for centroids in self.centroids), len(self.joint))

    def distances(self, layer: AnyArray, factor: int) -> DoubleArray:
        """Give squared distances on one map, or in the joint table of distances."""
        channels = len(self.centroids)
        check_shape("layer", layer, "images", "channels", "rows", "columns", channels=channels)
        if factor < channels:
            return squared_distances(_map(layer, factor), self.centroids[factor])
        return squared_distances(_distance_table(layer, self.centroids) / self.spread, self.joint)

    def units(self, factor: int) -> IntArray:
        """Give the map that a factor looks at; all of them for the joint factor."""
        channels = len(self.centroids)
        return np.array([factor]) if factor < channels else np.arange(channels)

    def title(self, factor: int) -> str:
        """Name the map."""
        return f"feature map {factor}" if factor < len(self.centroids) else "all feature maps"


def _map(layer: AnyArray, channel: int) -> AnyArray:
    return layer[:, channel].reshape(len(layer), -1)


def _distance_table(layer: AnyArray, centroids: tuple[DoubleArray, ...]) -> DoubleArray:
    parts = [
        np.sqrt(squared_distances(_map(layer, channel), found))
        for channel, found in enumerate(centroids)
    ]
    return np.concatenate(parts, axis=1)  # (images, distances)
