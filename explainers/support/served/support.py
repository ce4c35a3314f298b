"""Tell images that are like the training images from those that are not."""

import dataclasses
import math
from pathlib import Path
from typing import ClassVar, Self, final

import numpy as np

from explainers import storage
from explainers.activations import Activations
from explainers.arrays import (
    FloatArray,
    check_finite,
    check_lengths,
    check_range,
    check_shape,
    make_read_only,
)
from explainers.heads import Head
from explainers.support.served.nodes import map_nodes, pixel_nodes
from explainers.support.served.statistics import block_means, map_statistics, squared_lengths


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
    pixels
        Distance of the whitened block means to their nearest centre, over its limit.

    """

    hidden: float
    input: float
    pixels: float

    @property
    def sides(self) -> tuple[float, float, float]:
        """Give all of them."""
        return self.hidden, self.input, self.pixels

    @property
    def outside(self) -> bool:
        """Whether a side is past its limit."""
        # Not `> 1`: what is not a number is outside too.
        return not all(side <= 1.0 for side in self.sides)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Support:
    """Three limits, set on validation images: in the hidden layer, before it, and on the input.

    In the hidden layer alone noise looks ordinary, so what comes before it is judged too: by
    the mean and the root mean square of each channel of the last convolutional map,
    standardised, and their distance to the nearest of several centres of training images. A
    network sees in other things what it was trained to see; the input itself is judged by the
    means of its blocks, whitened, and their distance to the nearest of several centres.

    Attributes
    ----------
    centres
        Shape (centres, statistics). In standardised units.
    scale
        Shape (statistics). What statistics are multiplied by.
    pixel_centres
        Shape (pixel centres, blocks). Of whitened block means.
    whitening
        Shape (blocks, blocks). What block means are multiplied by, from the right.
    input_limit, hidden_limit, pixel_limit
        The largest distances that still count as supported.

    """

    name: ClassVar[str] = "support"

    centres: FloatArray
    scale: FloatArray
    pixel_centres: FloatArray
    whitening: FloatArray
    input_limit: float
    hidden_limit: float
    pixel_limit: float
    _doubled: FloatArray = dataclasses.field(init=False, repr=False)
    _norms: FloatArray = dataclasses.field(init=False, repr=False)
    _squared_scale: FloatArray = dataclasses.field(init=False, repr=False)
    _pixel_norms: FloatArray = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_shape("centres", self.centres, "centres", "statistics")
        check_shape("scale", self.scale, "statistics", statistics=self.centres.shape[1])
        check_shape("pixel_centres", self.pixel_centres, "centres", "blocks")
        blocks = self.pixel_centres.shape[1]
        check_shape("whitening", self.whitening, "blocks", "across", blocks=blocks, across=blocks)
        counts = np.array([len(self.centres), len(self.pixel_centres)])
        check_range("number of centres", counts, 1, np.inf)
        for name in ("centres", "scale", "pixel_centres", "whitening"):
            check_lengths(name, getattr(self, name))
        limits = np.array([self.input_limit, self.hidden_limit, self.pixel_limit])
        check_finite("limits", limits)
        check_range("limits", limits, 1e-12, np.inf)
        object.__setattr__(self, "_norms", squared_lengths(self.centres))
        object.__setattr__(self, "_pixel_norms", squared_lengths(self.pixel_centres))
        object.__setattr__(self, "_doubled", np.ascontiguousarray(-2.0 * self.centres * self.scale))
        object.__setattr__(self, "_squared_scale", self.scale * self.scale)
        make_read_only(self)

    def input_distance(self, activations: Activations) -> float:
        """Give the distance of the standardised statistics to their nearest centre."""
        numbers = activations.heads.get(self.name)
        if numbers is not None and len(numbers) > 1:
            return math.sqrt(max(numbers[1], 0.0))
        found = map_statistics(activations)
        scores: FloatArray = self._doubled @ found
        scores += self._norms
        squared = float(scores.min()) + float(np.dot(found * self._squared_scale, found))
        return math.sqrt(max(squared, 0.0))

    def pixel_distance(self, activations: Activations) -> float:
        """Give the distance of the whitened block means to their nearest centre."""
        numbers = activations.heads.get(self.name)
        if numbers is not None:
            return math.sqrt(max(numbers[0], 0.0))
        found = block_means(activations.pixels) @ self.whitening
        scores: FloatArray = self.pixel_centres @ (-2.0 * found)
        scores += self._pixel_norms
        return math.sqrt(max(float(scores.min()) + float(found @ found), 0.0))

    def check_input(self, shape: tuple[int, int, int]) -> None:
        """Raise `ShapeError` where blocks of (channels, rows, columns) are not the stored ones."""
        blocks = len(block_means(np.zeros(shape, np.float32)))
        check_shape("pixel_centres", self.pixel_centres, "centres", "blocks", blocks=blocks)

    def head(self, shape: tuple[int, int, int], plane: int | None) -> Head:
        """Let the graph compute the squared distances.

        Parameters
        ----------
        shape
            Channels, rows and columns of the network's input.
        plane
            Rows times columns of the last convolutional map, or None where there is none.

        """
        nodes, constants = pixel_nodes(self.pixel_centres, self.whitening, shape)
        if plane is None:
            return Head(self.name, nodes, constants, ("pixel_squared",), (1,))
        of_map, others = map_nodes(self.centres, self.scale, plane)
        sizes = (1, 1)
        results = ("pixel_squared", "squared")
        return Head(self.name, (*nodes, *of_map), constants | others, results, sizes)

    def judge(self, activations: Activations, nearest: float) -> Novelty:
        """Judge an image whose nearest representative is `nearest` away."""
        return Novelty(
            hidden=nearest / self.hidden_limit,
            input=self.input_distance(activations) / self.input_limit,
            pixels=self.pixel_distance(activations) / self.pixel_limit,
        )

    def save(self, folder: Path) -> None:
        """Write ``support.safetensors`` and ``support.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
