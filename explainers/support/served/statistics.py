"""What the input side looks like: channel means and deviations of a map, means of blocks."""

import numpy as np

from explainers.activations import Activations
from explainers.arrays import FloatArray

_BLOCKS = 4
_FINE = 7


def map_statistics(activations: Activations) -> FloatArray:
    """Give mean and root mean square of each channel of the last convolutional map.

    A network without such a map is described by the same two figures of up to 4 x 4
    blocks of each input channel.

    Returns
    -------
    FloatArray
        Shape (2 * channels).

    """
    found = activations.convolution
    channels = _blocks(activations.pixels, _BLOCKS) if found is None else found
    flat = channels.reshape(channels.shape[0], -1)
    # Means as products with a constant row: the cheapest way over so small an array.
    weights = np.full(flat.shape[1], 1.0 / flat.shape[1], dtype=np.float32)
    return np.concatenate((flat @ weights, np.sqrt((flat * flat) @ weights)))


def block_means(pixels: FloatArray) -> FloatArray:
    """Give the mean of each of up to 7 x 7 blocks of each channel of the network's input.

    Returns
    -------
    FloatArray
        Shape (channels * blocks).

    """
    found: FloatArray = _blocks(pixels, _FINE).mean(axis=1)
    return found


def block_size(rows: int, columns: int) -> tuple[int, int]:
    """Give rows and columns of the blocks of `block_means`."""
    return -(-rows // _FINE), -(-columns // _FINE)


def squared_lengths(rows: FloatArray) -> FloatArray:
    """Give each row's squared length, summed in float64; shape (rows)."""
    found: FloatArray = (rows.astype(np.float64) ** 2).sum(axis=1).astype(np.float32)
    return found


def _blocks(pixels: FloatArray, most: int) -> FloatArray:
    """Cut (channels, rows, columns) into (channels * blocks, pixels in a block)."""
    channels, rows, columns = pixels.shape
    high, wide = -(-rows // most), -(-columns // most)
    down, across = rows // high, columns // wide
    cut = pixels[:, : down * high, : across * wide]
    parts = cut.reshape(channels, down, high, across, wide).transpose(0, 1, 3, 2, 4)
    return np.ascontiguousarray(parts).reshape(channels * down * across, high * wide)
