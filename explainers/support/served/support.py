"""Tell images that are like the training images from those that are not."""

import dataclasses
import math
from pathlib import Path
from typing import ClassVar, Self, final

import numpy as np

from explainers import storage
from explainers.activations import Activations
from explainers.arrays import (
    AnyArray,
    FloatArray,
    check_finite,
    check_lengths,
    check_range,
    check_shape,
    make_read_only,
)
from explainers.heads import Head, Node
from explainers.support.served.statistics import map_statistics


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Novelty:
    """How far an image is from the training images, where 1 is the limit of support.

    Attributes
    ----------
    hidden
        Distance to the nearest representative, over its limit.
    input
        Distance of the map statistics to their nearest centre, over its limit.

    """

    hidden: float
    input: float

    @property
    def outside(self) -> bool:
        """Whether either side is past its limit."""
        # Not `> 1 or > 1`: what is not a number is outside too.
        return not (self.hidden <= 1.0 and self.input <= 1.0)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Support:
    """Two limits, set on validation images: one in the hidden layer, one before it.

    In the hidden layer alone noise looks ordinary, so the input side is judged too: by
    the mean and the root mean square of each channel of the last convolutional map,
    standardised, and their distance to the nearest of several centres of training images.

    Attributes
    ----------
    centres
        Shape (centres, statistics). In standardised units.
    scale
        Shape (statistics). What statistics are multiplied by.
    input_limit, hidden_limit
        The largest distances that still count as supported.

    """

    name: ClassVar[str] = "support"

    centres: FloatArray
    scale: FloatArray
    input_limit: float
    hidden_limit: float
    _doubled: FloatArray = dataclasses.field(init=False, repr=False)
    _norms: FloatArray = dataclasses.field(init=False, repr=False)
    _squared_scale: FloatArray = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_shape("centres", self.centres, "centres", "statistics")
        check_shape("scale", self.scale, "statistics", statistics=self.centres.shape[1])
        check_range("number of centres", np.array([len(self.centres)]), 1, np.inf)
        check_lengths("centres", self.centres)
        check_lengths("scale", self.scale)
        limits = np.array([self.input_limit, self.hidden_limit])
        check_finite("limits", limits)
        check_range("limits", limits, 1e-12, np.inf)
        norms = (self.centres.astype(np.float64) ** 2).sum(axis=1).astype(np.float32)
        object.__setattr__(self, "_norms", norms)
        object.__setattr__(self, "_doubled", np.ascontiguousarray(-2.0 * self.centres * self.scale))
        object.__setattr__(self, "_squared_scale", self.scale * self.scale)
        make_read_only(self)

    def input_distance(self, activations: Activations) -> float:
        """Give the distance of the standardised statistics to their nearest centre."""
        numbers = activations.heads.get(self.name)
        if numbers is not None:
            return math.sqrt(max(numbers[0], 0.0))
        found = map_statistics(activations)
        scores: FloatArray = self._doubled @ found
        scores += self._norms
        squared = float(scores.min()) + float(np.dot(found * self._squared_scale, found))
        return math.sqrt(max(squared, 0.0))

    def head(self, plane: int) -> Head:
        """Let the graph compute the squared distance, from the last convolutional map.

        Parameters
        ----------
        plane
            Rows times columns of that map.

        """
        nodes = (
            Node("ReduceMean", ("convolution", "plane"), ("mean",), {"keepdims": 0}),
            Node("ReduceL2", ("convolution", "plane"), ("length",), {"keepdims": 0}),
            Node("Concat", ("mean", "length"), ("statistics",), {"axis": 1}),
            Node("Mul", ("statistics", "scale"), ("standard",)),
            Node("MatMul", ("standard", "doubled"), ("products",)),
            Node("Add", ("products", "norms"), ("scores",)),
            Node("ReduceMin", ("scores", "one"), ("least",)),
            Node("ReduceSumSquare", ("standard", "one"), ("own",)),
            Node("Add", ("least", "own"), ("squared",)),
        )
        # A root mean square is a length over the root of the size.
        per_length = self.scale.copy()
        per_length[len(per_length) // 2 :] /= math.sqrt(plane)
        constants: dict[str, AnyArray] = {
            "plane": np.array([2, 3]),
            "one": np.array([1]),
            "scale": per_length,
            "doubled": np.ascontiguousarray(-2.0 * self.centres.T),
            "norms": self._norms,
        }
        return Head(self.name, nodes, constants, ("squared",), (1,))

    def judge(self, activations: Activations, nearest: float) -> Novelty:
        """Judge an image whose nearest representative is `nearest` away."""
        return Novelty(
            hidden=nearest / self.hidden_limit,
            input=self.input_distance(activations) / self.input_limit,
        )

    def save(self, folder: Path) -> None:
        """Write ``support.safetensors`` and ``support.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
