"""The network above boundary space where it is dense layers with ReLU-like steps between."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, IntArray, check_shape
from explainers.errors import ShapeError


@final
@dataclasses.dataclass(frozen=True, eq=False)
class DenseTail:
    """Activation and affine map in turn: ``u -> act_0 -> affine_0 -> act_1 -> ... -> logits``.

    Inside one pattern of active units it is a single affine map, so the local affine form
    of a difference of logits is exact, and is found by going backward through the pattern.

    Attributes
    ----------
    weights
        One per affine map, each of shape (outputs, inputs).
    biases
        One per affine map, each of shape (outputs).
    slopes
        One per affine map: the activation before it keeps positive values and multiplies
        the others by this. 0 is the ReLU, 1 is no activation at all.

    Raises
    ------
    ShapeError
        When the maps do not follow one upon the other.

    """

    weights: tuple[DoubleArray, ...]
    biases: tuple[DoubleArray, ...]
    slopes: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.weights) == len(self.biases) == len(self.slopes) >= 1:
            raise ShapeError(
                "a dense tail needs as many weights as biases and slopes, and at least one, not "
                f"{len(self.weights)}, {len(self.biases)} and {len(self.slopes)}"
            )
        inputs = self.weights[0].shape[-1]
        for weight, bias in zip(self.weights, self.biases, strict=True):
            check_shape("weights of a dense tail", weight, "outputs", "inputs", inputs=inputs)
            inputs = weight.shape[0]
            check_shape("biases of a dense tail", bias, "outputs", outputs=inputs)

    @property
    def approximate(self) -> str:
        """Why a boundary would only be tangent to the network's own: never here."""
        return ""

    @property
    def single_piece(self) -> bool:
        """Whether there is no activation, so that each class is one polytope."""
        return all(slope == 1.0 for slope in self.slopes)

    def logits(self, points: DoubleArray) -> DoubleArray:
        """Give logits, shape (points, classes), for points (points, units)."""
        values = points
        for weight, bias, slope in zip(self.weights, self.biases, self.slopes, strict=True):
            values = _activated(values, slope) @ weight.T + bias
        return values

    def local(
        self, points: DoubleArray, first: IntArray, second: IntArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Give the local affine form of ``G_first - G_second`` at each point.

        Returns
        -------
        normals
            Shape (points, units). The gradients.
        offsets
            Shape (points). They depend on the pattern alone, so that two points of one
            piece get the same offset to the last bit.

        """
        factors = self._factors(points)
        normals = self.weights[-1][first] - self.weights[-1][second]
        offsets = self.biases[-1][first] - self.biases[-1][second]
        for layer in range(len(self.weights) - 1, 0, -1):
            normals = normals * factors[layer]
            offsets = offsets + normals @ self.biases[layer - 1]
            normals = normals @ self.weights[layer - 1]
        return normals * factors[0], offsets

    def _factors(self, points: DoubleArray) -> list[DoubleArray]:
        """Give what each activation multiplies its inputs by, each (points, inputs)."""
        values, factors = points, list[DoubleArray]()
        for weight, bias, slope in zip(self.weights, self.biases, self.slopes, strict=True):
            factors.append(np.where(values > 0.0, 1.0, slope))
            values = (values * factors[-1]) @ weight.T + bias
        return factors


def _activated(values: DoubleArray, slope: float) -> DoubleArray:
    return np.where(values > 0.0, values, slope * values)
