"""Pictures as a judge asks for them: scaled, and again for other images and networks."""

import dataclasses
from typing import Final, final

import numpy as np
from torch import nn

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from reasoned.errors import NetworkError
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import PictureMethod, scaled

_LEAST: Final = 1e-9  # beside numbers of which the largest is 1


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Judged:
    """One method's pictures of the images that are judged.

    Attributes
    ----------
    method
        Whose they are.
    network
        The trained network.
    pixels
        Shape (images, channels, rows, columns).
    classes
        Shape (images). The classes that the network gives.
    pictures
        Shape (images, rows, columns). Scaled.

    """

    method: PictureMethod
    network: JudgedNetwork
    pixels: FloatArray
    classes: IntArray
    pictures: DoubleArray

    @classmethod
    def of(
        cls, method: PictureMethod, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> "Judged":
        """Draw the pictures."""
        return cls(
            method, network, pixels, classes, scaled(method.attribute(network, pixels, classes))
        )

    def again(self, model: nn.Module, inputs: AnyArray, targets: AnyArray) -> DoubleArray:
        """Draw pictures as Quantus asks for them; shape (images, 1, rows, columns).

        Raises
        ------
        NetworkError
            When the model is not the network, or a copy of it.

        """
        if not isinstance(model, JudgedNetwork):
            raise NetworkError(
                f"pictures can be drawn of a JudgedNetwork, not of a {type(model).__name__}"
            )
        asked = np.ascontiguousarray(inputs, np.float32), np.asarray(targets, np.int64)
        return accepted(scaled(self.method.attribute(model, *asked)))[:, None]

    def ranked(self, seed: int) -> DoubleArray:
        """Give each pixel's rank in its picture, from 0 to 1, with ties broken at random.

        Else equal pixels would come row by row, and a flat picture from the top.
        """
        flat = self.pictures.reshape(len(self.pictures), -1)
        draws = np.random.default_rng([seed, 3]).random(flat.shape)
        places = np.lexsort((draws, flat), axis=1).argsort(axis=1)
        return (places / (flat.shape[1] - 1)).reshape(self.pictures.shape)


def accepted(pictures: DoubleArray) -> DoubleArray:
    """Give pictures that Quantus does not refuse: not all the same, and not all below 0."""
    if np.ptp(pictures) > 0 and pictures.max() >= 0:
        return pictures
    found = pictures.copy()
    found[0, 0, 0] = _LEAST
    return found
