"""What one pass of the network leaves behind, for one image and for many."""

import dataclasses
from collections.abc import Mapping
from typing import final

from explainers.arrays import AnyArray, FloatArray, IntArray


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Activations:
    """Everything that an explanation of one image may be made from.

    Attributes
    ----------
    logits
        Shape (classes). Unnormalised scores; the predicted class is their argmax.
    hidden
        Shape (units). The explained layer, flattened.
    predicted
        The index of the class that the network gives.
    pixels
        Shape (channels, rows, columns). The network's input, after preprocessing.
    convolution
        Shape (channels, rows, columns). The last convolutional map, or None.
    affine_input
        Shape (features). What the last affine layer reads, or None.
    psi
        Shape (channels, rows, columns) or (features). The feature map psi(x) whose decision
        boundaries are explained, or None.
    boundary
        Shape (units). Where those boundaries are linear: the pre-activations of the affine
        layer that reads psi, or psi itself, flattened; or None.
    intermediate, second_intermediate
        Shape (channels, rows, columns) or (features). The outputs f_I(x) of the one or two
        hidden layers that attribute functions read, or None.
    heads
        The numbers of each head that the graph computes; see `explainers.heads`.

    """

    logits: FloatArray
    hidden: FloatArray
    predicted: int
    pixels: FloatArray
    convolution: FloatArray | None = None
    affine_input: FloatArray | None = None
    psi: FloatArray | None = None
    boundary: FloatArray | None = None
    intermediate: FloatArray | None = None
    second_intermediate: FloatArray | None = None
    heads: Mapping[str, list[float]] = dataclasses.field(default_factory=dict)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ActivationTable:
    """The same for the images of one split; arrays may be memory maps.

    Attributes
    ----------
    rows
        Shape (images). Each image's position in its data set.
    labels, predicted
        Shape (images). The true class, and the class that the network gives.
    logits, hidden, pixels, convolution, affine_input, psi, boundary, intermediate,
    second_intermediate
        As in `Activations`, with a leading axis (images).

    """

    rows: IntArray
    labels: IntArray
    predicted: IntArray
    logits: FloatArray
    hidden: FloatArray
    pixels: FloatArray
    convolution: FloatArray | None = None
    affine_input: FloatArray | None = None
    psi: FloatArray | None = None
    boundary: FloatArray | None = None
    intermediate: FloatArray | None = None
    second_intermediate: FloatArray | None = None

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def one(self, position: int) -> Activations:
        """Return the activations of one image."""
        return Activations(
            logits=self.logits[position],
            hidden=self.hidden[position],
            predicted=int(self.predicted[position]),
            pixels=self.pixels[position],
            convolution=_maybe(self.convolution, position),
            affine_input=_maybe(self.affine_input, position),
            psi=_maybe(self.psi, position),
            boundary=_maybe(self.boundary, position),
            intermediate=_maybe(self.intermediate, position),
            second_intermediate=_maybe(self.second_intermediate, position),
        )


def _maybe(array: AnyArray | None, position: int) -> AnyArray | None:
    return None if array is None else array[position]
