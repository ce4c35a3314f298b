"""The polytope of one unseen image, and the unseen images inside it."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.representative.served.search import (
    Found,
    References,
    SearchSettings,
    Seed,
    channel_weights,
    find_polytope,
    rank_similar,
)
from reasoned.evaluation.cut_network import CutNetwork
from reasoned.evaluation.unseen import UnseenImages


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ImagePolytope:
    """What a search found around one image.

    Attributes
    ----------
    position, of_class
        The image, and the class that the network gives it.
    tau
        How many differently predicted reference images are inside.
    facets
        How many boundaries bound it.
    boundaries, failed
        How many boundaries the search had to choose from, and how many it did not find.
    weights
        Shape (channels). One weight per channel of the explained map.
    inside
        Shape (images). Which unseen images lie inside.
    similar
        Shape (others). Those inside, without the image itself, by semantic distance.

    """

    position: int
    of_class: int
    tau: int
    facets: int
    boundaries: int
    failed: int
    weights: DoubleArray
    inside: BoolArray
    similar: IntArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Searching:
    """What every search of an evaluation reads.

    Attributes
    ----------
    network
        Cut at its explained map.
    references
        The training images, with the network's classes.
    unseen
        The test images.
    seed
        Each image's generator is derived from it and from the image's position.

    """

    network: CutNetwork
    references: References
    unseen: UnseenImages
    seed: int

    def find(self, position: int, settings: SearchSettings, repeat: int = 0) -> ImagePolytope:
        """Search around one unseen image.

        Parameters
        ----------
        position
            Of the image among the unseen ones.
        settings
            Of the search.
        repeat
            Another number gives another draw.

        """
        unseen = self.unseen
        points = unseen.boundary.astype(np.float64)
        seed = Seed(points[position], int(unseen.predicted[position]))
        rng = np.random.default_rng([self.seed, position, repeat])
        found = find_polytope(self.network.above, self.references, seed, rng, settings)
        if found is None:
            raise FittingError("a search without a deadline was late; this is a defect")
        inside, _ = rank_similar(found.normals, found.offsets, seed.point, points)
        return ImagePolytope(
            position=position,
            of_class=seed.predicted,
            tau=found.tau,
            facets=len(found.facets),
            boundaries=found.gathered,
            failed=found.failed,
            weights=self._weights(found),
            inside=np.isin(np.arange(len(unseen)), inside),
            similar=inside[inside != position],
        )

    def _weights(self, found: Found) -> DoubleArray:
        return channel_weights(self.network.pulled_back(found.normals, self.unseen.map_shape))


def paper_search(boundaries: int) -> SearchSettings:
    """Give the paper's search with another |Q|: never enlarged, and nothing is pruned."""
    return dataclasses.replace(
        SearchSettings.paper(), boundaries=boundaries, most_boundaries=boundaries
    )
