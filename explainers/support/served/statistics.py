"""What the input side looks like: channel means and deviations of a map."""

import numpy as np

from explainers.activations import Activations
from explainers.arrays import FloatArray

_BLOCKS = 4


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
    channels = _blocks(activations.pixels) if found is None else found
    flat = channels.reshape(channels.shape[0], -1)
    # Means as products with a constant row: the cheapest way over so small an array.
    weights = np.full(flat.shape[1], 1.0 / flat.shape[1], dtype=np.float32)
    return np.concatenate((flat @ weights, np.sqrt((flat * flat) @ weights)))


def _blocks(pixels: FloatArray) -> FloatArray:
    """Cut (channels, rows, columns) into (channels * blocks, pixels in a block)."""
    channels, rows, columns = pixels.shape
    high, wide = -(-rows // _BLOCKS), -(-columns // _BLOCKS)
    down, across = rows // high, columns // wide
    cut = pixels[:, : down * high, : across * wide]
    parts = cut.reshape(channels, down, high, across, wide).transpose(0, 1, 3, 2, 4)
    return np.ascontiguousarray(parts).reshape(channels * down * across, high * wide)
