"""The test images of a model, as its network saw them."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.cut_network import BATCH, CutNetwork, softmax
from reasoned.fitting.pixels import new_map
from reasoned.images.preprocessing import Preprocessing


@final
@dataclasses.dataclass(frozen=True, eq=False)
class UnseenImages:
    """Images that no fit has seen; arrays may be memory maps.

    Attributes
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input.
    psi
        Shape (images, channels, rows, columns). The explained map.
    boundary
        Shape (images, units). Where its decision boundaries are linear.
    predicted
        Shape (images). The class that the network gives.
    probabilities
        Shape (images, classes).
    preprocessing
        What made the pixels.

    """

    pixels: FloatArray
    psi: FloatArray
    boundary: FloatArray
    predicted: IntArray
    probabilities: DoubleArray
    preprocessing: Preprocessing

    def __len__(self) -> int:
        return len(self.predicted)

    @property
    def map_shape(self) -> tuple[int, int, int]:
        """Give (channels, rows, columns) of the explained map."""
        return self.psi.shape[1], self.psi.shape[2], self.psi.shape[3]


def see(
    network: CutNetwork,
    pixels: FloatArray,
    preprocessing: Preprocessing,
    scratch: Path,
    progress: Callable[..., Iterable[int]],
) -> UnseenImages:
    """Run the test images through both halves of a network.

    Parameters
    ----------
    network
        Cut at its explained map.
    pixels
        Shape (images, channels, rows, columns); may be a memory map.
    preprocessing
        What made the pixels.
    scratch
        A folder for the memory map of psi.
    progress
        Shows the batches.

    """
    first = network.run(pixels[:1])
    psi = new_map(scratch / "psi.npy", (len(pixels), *first.psi.shape[1:]))
    boundary, logits = [], []
    for start in progress(range(0, len(pixels), BATCH), "test images"):
        found = network.run(pixels[start : start + BATCH])
        psi[start : start + BATCH] = found.psi
        boundary.append(found.boundary)
        logits.append(found.logits)
    scores = np.concatenate(logits)
    return UnseenImages(
        pixels=pixels,
        psi=psi,
        boundary=np.concatenate(boundary),
        predicted=scores.argmax(axis=1).astype(np.int64),
        probabilities=softmax(scores),
        preprocessing=preprocessing,
    )


def nearest_by_map(unseen: UnseenImages, position: int, count: int) -> IntArray:
    """Give the other images whose explained maps lie nearest, by Euclidean distance.

    Parameters
    ----------
    unseen
        The images.
    position
        Whose neighbours are asked for.
    count
        How many; fewer where there are no more.

    Returns
    -------
    IntArray
        Shape (count). Positions, the nearest first; of equal ones the lower.

    """
    own = unseen.psi[position].astype(np.float32)
    squared = np.empty(len(unseen))
    for start in range(0, len(unseen), BATCH):
        apart = unseen.psi[start : start + BATCH] - own
        squared[start : start + BATCH] = np.einsum("ncrl,ncrl->n", apart, apart)
    squared[position] = np.inf
    order: IntArray = np.argsort(squared, kind="stable")[: min(count, len(unseen) - 1)]
    return order
