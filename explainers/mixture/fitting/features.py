"""What the regressions read: pixels, superpixels or hidden activations."""

import dataclasses
from typing import Final, Literal, final

import numpy as np
from scipy.sparse import csr_array
from sklearn.cluster import FeatureAgglomeration
from sklearn.feature_extraction.image import grid_to_graph

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.options import MixtureOptions

Kind = Literal["pixels", "superpixels", "hidden"]
MOST_PIXELS: Final = 1024
GROUPED_BY: Final = 500  # images, which the superpixels are found on


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Features:
    """How an image becomes the numbers that regressions read.

    Attributes
    ----------
    kind
        Which.
    shape
        (channels, rows, columns) of the network's input.
    black, white
        Shape (channels). The inputs that become 0 and 1.
    cells
        Shape (values of an input). Which superpixel each belongs to; empty otherwise.

    """

    kind: Kind
    shape: tuple[int, int, int]
    black: FloatArray
    white: FloatArray
    cells: IntArray

    def values(self, table: ActivationTable, rows: IntArray) -> FloatArray:
        """Give the features of some images, shape (images, features)."""
        if self.kind == "hidden":
            return np.asarray(table.hidden[rows], dtype=np.float32)
        given = np.asarray(table.pixels[rows], dtype=np.float32)
        scaled = (given - self.black[:, None, None]) / (self.white - self.black)[:, None, None]
        flat: FloatArray = scaled.reshape(len(rows), -1).astype(np.float32)
        return flat if self.kind == "pixels" else _means(flat, self.cells)


def choose_features(
    table: ActivationTable,
    options: MixtureOptions,
    input_range: FloatArray | None,
    rng: np.random.Generator,
) -> Features:
    """Decide what is read, and group pixels into superpixels where that is asked for.

    Superpixels are connected, the same in every image, and made of pixels whose brightness
    varies together over training images: Ward's clustering of pixels under the grid's
    connectivity, the same cells in every channel.

    Raises
    ------
    NotApplicableError
        When it is not known what black and white pixels become in the network's input.

    """
    shape = _shape(table)
    kind: Kind = options.features if options.features != "auto" else _fitting_kind(shape)
    if kind != "hidden" and (input_range is None or (input_range[0] == input_range[1]).any()):
        raise NotApplicableError(
            "mixture needs to know what black and white pixels become in the network's input, to "
            "regress on pixels; set mixture.features=hidden"
        )
    scale = np.array([[0.0], [1.0]], np.float32) if input_range is None else input_range
    black, white = (np.broadcast_to(side, (shape[0],)).astype(np.float32) for side in scale)
    plain = Features(kind, shape, black, white, np.zeros(0, np.int64))
    if kind != "superpixels":
        return plain
    drawn = np.sort(rng.permutation(len(table))[:GROUPED_BY])
    pixels = dataclasses.replace(plain, kind="pixels").values(table, drawn)
    return dataclasses.replace(plain, cells=_cells(pixels, shape, options.superpixels))


def select(values: AnyArray, most: int) -> IntArray:
    """Choose the features with the largest variance, in ascending order of their position.

    Constant features are never chosen; what is left may be fewer than `most`.
    """
    variances = np.asarray(values, dtype=np.float64).var(axis=0)
    ranked = np.argsort(-variances, kind="stable")[:most]
    chosen: IntArray = np.sort(ranked[variances[ranked] > 0.0]).astype(np.int64)
    return chosen


def _shape(table: ActivationTable) -> tuple[int, int, int]:
    _, channels, rows, columns = table.pixels.shape
    return channels, rows, columns


def _fitting_kind(shape: tuple[int, int, int]) -> Kind:
    return "pixels" if shape[0] * shape[1] * shape[2] <= MOST_PIXELS else "superpixels"


def _cells(pixels: FloatArray, shape: tuple[int, int, int], wanted: int) -> IntArray:
    channels, rows, columns = shape
    plane = rows * columns
    # Every channel of every image is one more sample of the same plane.
    samples = pixels.reshape(-1, plane)
    groups = FeatureAgglomeration(
        n_clusters=min(wanted, plane), connectivity=grid_to_graph(rows, columns)
    ).fit(samples)
    labels: IntArray = _by_position(groups.labels_.astype(np.int64))
    count = int(labels.max()) + 1
    return np.concatenate([labels + count * channel for channel in range(channels)])


def _by_position(labels: IntArray) -> IntArray:
    """Give superpixels new numbers, by where they begin from the top left."""
    _, first = np.unique(labels, return_index=True)
    order = np.argsort(np.argsort(first))
    found: IntArray = order[labels].astype(np.int64)
    return found


def _means(flat: FloatArray, cells: IntArray) -> FloatArray:
    sizes = np.bincount(cells)
    positions = np.arange(len(cells))
    member = csr_array((1.0 / sizes[cells], (positions, cells)), shape=(len(cells), len(sizes)))
    found: FloatArray = (flat @ member).astype(np.float32)
    return found


def design(values: AnyArray, *, intercept: bool) -> DoubleArray:
    """Give features as doubles, with a last column of ones for an intercept."""
    columns = np.asarray(values, dtype=np.float64)
    return np.column_stack([columns, np.ones(len(columns))]) if intercept else columns
