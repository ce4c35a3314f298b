"""What every reading of the paper's two clustering levels promises."""

import dataclasses
from abc import ABC, abstractmethod
from typing import ClassVar, Self, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from explainers.errors import FittingError


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ReadingSetting:
    """The sizes of the two clustering levels.

    Attributes
    ----------
    level_one, level_two
        For `ColumnFactors`: factors, and clusters in each. For `NestedRows`: clusters of
        the whole layer, and clusters within each. For `MapFactors`: clusters per feature
        map, and clusters of all maps together.

    """

    level_one: int
    level_two: int

    def __post_init__(self) -> None:
        if self.level_one < 1 or self.level_two < 1:
            raise FittingError(
                "level_one and level_two must be at least 1, "
                f"not {self.level_one} and {self.level_two}"
            )


class Reading(ABC):
    """A fitted way from a layer's activations to one nominal cluster id per factor.

    Which of the readings is the paper's cannot be told: its method section could not be
    read, and two of them score alike.
    """

    name: ClassVar[str]
    fitted_codes: IntArray
    """Shape (images, factors). What the clustering itself gave the images it was fitted to."""

    @classmethod
    @abstractmethod
    def layer_of(cls, table: ActivationTable) -> FloatArray:
        """Give the layer that this reading clusters; raise where the network has none."""

    @classmethod
    @abstractmethod
    def fit(cls, layer: FloatArray, setting: ReadingSetting, rng: np.random.Generator) -> Self:
        """Cluster a layer in two levels."""

    @property
    @abstractmethod
    def clusters(self) -> tuple[int, ...]:
        """How many clusters each factor has."""

    @abstractmethod
    def distances(self, layer: AnyArray, factor: int) -> DoubleArray:
        """Give squared distances to one factor's centroids, shape (images, clusters)."""

    @abstractmethod
    def units(self, factor: int) -> IntArray:
        """Give the units (or maps) that one factor looks at."""

    @abstractmethod
    def title(self, factor: int) -> str:
        """Say in a few words what one factor looks at."""

    @final
    def codes(self, layer: AnyArray) -> IntArray:
        """Give each image's nearest cluster in every factor, shape (images, factors)."""
        columns = [self.distances(layer, f).argmin(axis=1) for f in range(len(self.clusters))]
        return np.stack(columns, axis=1).astype(np.int64)
