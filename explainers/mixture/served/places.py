"""Where the features of a regression lie in an image, or in the hidden layer."""

import dataclasses
from typing import TYPE_CHECKING, Final, final

import numpy as np

from explainers.activations import Activations
from explainers.arrays import AnyArray, BoolArray, DoubleArray, FloatArray, IntArray, make_read_only

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

PIXELS, SUPERPIXELS, HIDDEN = "pixels", "superpixels", "hidden"
KINDS: Final = (PIXELS, SUPERPIXELS, HIDDEN)
_COLOURS: Final = (", red", ", green", ", blue")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Places:
    """How features are read from an image, and painted into one.

    Attributes
    ----------
    kind
        ``pixels``, ``superpixels`` or ``hidden``.
    shape
        (channels, rows, columns) of the network's input.
    offset, scale
        Shape (values). What makes of an input value one from 0 (black) to 1 (white):
        ``scale * value - offset``.
    alike
        The scale and the offset where they are those of every value, else None.
    cells
        Shape (values). The feature that each input value belongs to.
    sizes
        Shape (features). How many input values each feature is the mean of.
    first
        Shape (values). False where an earlier channel of the same pixel belongs to the same
        feature, so that painting counts each feature once.

    """

    kind: str
    shape: tuple[int, int, int]
    offset: DoubleArray
    scale: DoubleArray
    alike: tuple[np.float64, np.float64] | None
    cells: IntArray
    sizes: DoubleArray
    first: BoolArray

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(cls, stored: "Mixture") -> "Places":
        """Derive it from what is stored."""
        channels, rows, columns = (int(size) for size in stored.shape)
        scale = 1.0 / (stored.white.astype(np.float64) - stored.black)
        offset = stored.black * scale
        cells = stored.cells if stored.cells.size else np.arange(channels * rows * columns)
        return cls(
            kind=stored.features,
            shape=(channels, rows, columns),
            offset=np.repeat(offset, rows * columns),
            scale=np.repeat(scale, rows * columns),
            alike=(scale[0], offset[0]) if channels == 1 else None,
            cells=cells,
            sizes=np.bincount(cells).astype(np.float64),
            first=_first(cells.reshape(channels, rows * columns)).ravel(),
        )

    def all(self, activations: Activations) -> DoubleArray:
        """Give every feature of one image, shape (features)."""
        if self.kind == HIDDEN:
            return activations.hidden.astype(np.float64)
        values = self.scale * activations.pixels.ravel() - self.offset
        if self.kind == PIXELS:
            return values
        sums = np.bincount(self.cells, weights=values, minlength=len(self.sizes))
        return np.asarray(sums / self.sizes)

    def some(self, activations: Activations, chosen: IntArray) -> AnyArray:
        """Give some features of one image, shape (chosen)."""
        if self.kind == HIDDEN:
            return activations.hidden.take(chosen)
        if self.kind == SUPERPIXELS:
            return self.all(activations).take(chosen)
        values = activations.pixels.take(chosen)
        if self.alike is None:
            return self.scale.take(chosen) * values - self.offset.take(chosen)
        scale, offset = self.alike
        scaled = values * scale  # float64, as the scale is
        scaled -= offset
        return scaled

    def folded(self, weights: DoubleArray, bias: DoubleArray) -> tuple[FloatArray, FloatArray]:
        """Turn sums over features into sums over what the graph holds.

        Parameters
        ----------
        weights
            Shape (sums, features).
        bias
            Shape (sums).

        Returns
        -------
        weights
            Shape (input values, sums), or (hidden units, sums).
        bias
            Shape (sums).

        """
        if self.kind == HIDDEN:
            return np.ascontiguousarray(weights.T, np.float32), bias.astype(np.float32)
        spread = (weights / self.sizes)[:, self.cells]  # (sums, input values)
        shifted = bias - spread @ self.offset
        return np.ascontiguousarray((spread * self.scale).T, np.float32), shifted.astype(np.float32)

    def painted(self, numbers: AnyArray) -> DoubleArray:
        """Put a number per feature where the feature lies, summed over channels.

        Returns
        -------
        DoubleArray
            Shape (rows, columns).

        """
        spread = np.where(self.first, numbers[self.cells], 0.0)
        return np.asarray(spread.reshape(self.shape).sum(axis=0))

    def names(self, count: int) -> tuple[str, ...]:
        """Name `count` features, which are all; rows and columns are counted from 0."""
        if self.kind != PIXELS:
            noun = "unit" if self.kind == HIDDEN else "superpixel"
            return tuple(f"{noun} {number}" for number in range(count))
        channels, rows, columns = self.shape
        colours = _COLOURS if channels == len(_COLOURS) else ("",)
        return tuple(
            f"pixel (row {row}, column {column}){colour}"
            for colour in colours
            for row in range(rows)
            for column in range(columns)
        )


def _first(cells: IntArray) -> BoolArray:
    """Mark, among cells of shape (channels, pixels), those that no earlier channel has."""
    found = np.ones(cells.shape, dtype=np.bool_)
    for channel in range(1, len(cells)):
        found[channel] = (cells[:channel] != cells[channel]).all(axis=0)
    return found
