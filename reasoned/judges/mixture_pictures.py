"""Contribution maps of the mixture of regressions, for any class."""

import dataclasses
from typing import ClassVar, final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.mixture.served import Mixture
from explainers.mixture.served.places import HIDDEN, Places
from reasoned.evaluation.mixture_explanations import class_mixture, features_of
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import Kind, PictureMethod


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Contributions(PictureMethod):
    """What each pixel contributes to the class's regression: coefficient times value.

    It is the map ``contributions`` of ``explain=full``, for the class that is asked.

    Attributes
    ----------
    stored
        The fitted method; its regressions read pixels or superpixels.

    """

    name: ClassVar[str] = "mixture"
    kind: ClassVar[Kind] = "ours"
    signed: ClassVar[bool] = True
    stays: ClassVar[str] = (
        "the regressions read pixels, not the network; only a gate on the hidden layer, and the "
        "class that is asked, can change the picture"
    )

    stored: Mixture

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        stored, places = self.stored, Places.of(self.stored)
        values = places.scale * pixels.reshape(len(pixels), -1) - places.offset
        features = features_of(stored, values.astype(np.float32), _NO_UNITS)
        read = network.run(pixels, HIDDEN)[HIDDEN] if stored.gate_reads == HIDDEN else features
        found = np.zeros((len(pixels), *pixels.shape[2:]))
        for label in np.unique(classes).tolist():
            asked = np.flatnonzero(classes == label)
            gated = class_mixture(stored, label).gated(features[asked], read[asked])
            terms = gated.weights * features[asked]
            for image, numbers in zip(asked.tolist(), terms, strict=True):
                found[image] = places.painted(numbers)
        return found


_NO_UNITS = np.zeros((0, 0), np.float32)


def mixture_pictures(stored: Mixture) -> list[PictureMethod]:
    """Give the map, or nothing where the regressions read hidden units, which have no place."""
    return [] if stored.features == HIDDEN else [Contributions(stored)]
