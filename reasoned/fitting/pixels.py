"""Preprocessed images of a split, as one memory map."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from explainers.arrays import FloatArray, IntArray
from reasoned.datasets.dataset import Dataset
from reasoned.errors import DataError
from reasoned.images.preprocessing import Preprocessing

MOST_BYTES = 16 * 2**30


def new_map(path: Path, shape: tuple[int, ...]) -> FloatArray:
    """Make an empty float32 array on disk.

    Raises
    ------
    DataError
        When it would take more than 16 GiB.

    """
    size = 4 * int(np.prod(shape, dtype=np.int64))
    if size > MOST_BYTES:
        raise DataError(
            f"{path.name} would take {size / 2**30:.0f} GiB of scratch disk, and at most "
            f"{MOST_BYTES / 2**30:.0f} GiB are used; give fewer images or a smaller --size"
        )
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)


def prepare_pixels(
    dataset: Dataset,
    rows: IntArray,
    preprocessing: Preprocessing,
    path: Path,
    progress: Callable[..., Iterable[int]],
) -> FloatArray:
    """Decode and preprocess the images in the given rows, one at a time.

    Returns
    -------
    FloatArray
        Shape (images, channels, rows, columns); a memory map.

    """
    shape = (preprocessing.channels, preprocessing.height, preprocessing.width)
    pixels = new_map(path, (len(rows), *shape))
    for i in progress(range(len(rows)), f"reading {path.stem}"):
        pixels[i] = preprocessing.apply(dataset.image(int(rows[i])))
    return pixels
