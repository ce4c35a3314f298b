"""A network cut at its explained map, so that either half can be run and differentiated."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np
import torch
from scipy import special
from torch import nn

from explainers.arrays import DoubleArray, FloatArray, IntArray, check_shape
from explainers.errors import NotApplicableError
from explainers.fitting_contract import Upper

BATCH = 128


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Passed:
    """What images left behind on their way through both halves.

    Attributes
    ----------
    psi
        Shape (images, channels, rows, columns). The explained map.
    boundary
        Shape (images, units). Where its decision boundaries are linear.
    logits
        Shape (images, classes).

    """

    psi: FloatArray
    boundary: FloatArray
    logits: FloatArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class CutNetwork:
    """The two halves of a network, and the space in which its boundaries are linear.

    Attributes
    ----------
    whole
        A module with submodules ``lower``, from images to psi(x), and ``upper``, from
        psi(x) to logits.
    to_boundary
        The affine start of the upper half, from psi(x) to boundary space.
    above
        The network above boundary space.

    """

    whole: nn.Module
    to_boundary: nn.Module
    above: Upper

    @property
    def lower(self) -> nn.Module:
        """The half below the explained map."""
        return self.whole.get_submodule("lower")

    @property
    def upper(self) -> nn.Module:
        """The half above the explained map."""
        return self.whole.get_submodule("upper")

    def run(self, pixels: FloatArray) -> Passed:
        """Run a batch of shape (images, channels, rows, columns).

        Raises
        ------
        NotApplicableError
            When the explained layer is not a map with rows and columns.

        """
        with torch.no_grad():
            psi = self.lower(torch.from_numpy(np.array(pixels)))
            if psi.ndim != 4:
                raise NotApplicableError(
                    "heat maps need a map of shape (channels, rows, columns), and the explained "
                    f"layer has shape {tuple(psi.shape[1:])}; explain a convolutional layer"
                )
            boundary, logits = self.to_boundary(psi).flatten(1), self.upper(psi)
        return Passed(psi.numpy(), boundary.numpy(), logits.numpy())

    def boundary_values(
        self, pixels: FloatArray, progress: Callable[..., Iterable[int]], label: str
    ) -> tuple[FloatArray, IntArray]:
        """Give where images lie in boundary space, and their predicted classes.

        Parameters
        ----------
        pixels
            Shape (images, channels, rows, columns); may be a memory map.
        progress
            Shows the batches.
        label
            What it is called there.

        Returns
        -------
        boundary
            Shape (images, units).
        predicted
            Shape (images).

        """
        parts, classes = [], []
        for start in progress(range(0, len(pixels), BATCH), label):
            found = self.run(pixels[start : start + BATCH])
            parts.append(found.boundary)
            classes.append(found.logits.argmax(axis=1).astype(np.int64))
        return np.concatenate(parts), np.concatenate(classes)

    def probabilities(self, pixels: FloatArray) -> DoubleArray:
        """Give softmax probabilities, shape (images, classes), in float64."""
        with torch.no_grad():
            logits = self.whole(torch.from_numpy(np.array(pixels))).numpy()
        return softmax(logits)

    def pulled_back(self, normals: DoubleArray, shape: tuple[int, int, int]) -> DoubleArray:
        """Read normals of boundary space as normals of the explained map.

        Parameters
        ----------
        normals
            Shape (facets, units).
        shape
            (channels, rows, columns) of the explained map.

        Returns
        -------
        DoubleArray
            Shape (facets, channels, rows, columns).

        """
        check_shape("normals", normals, "facets", "units")
        if not len(normals):
            return np.zeros((0, *shape))
        # The map is affine, so that its gradient is the same everywhere.
        psi = torch.zeros(len(normals), *shape, requires_grad=True)
        reached = self.to_boundary(psi).flatten(1)
        (found,) = torch.autograd.grad(reached, psi, torch.from_numpy(normals).to(reached.dtype))
        pulled: DoubleArray = found.double().numpy()
        return pulled


def softmax(logits: FloatArray) -> DoubleArray:
    """Give class probabilities, shape (images, classes), in float64."""
    found: DoubleArray = special.softmax(logits.astype(np.float64), axis=1)
    return found
