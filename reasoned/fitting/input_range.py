"""What the darkest and the lightest pixel become in the network's input."""

import numpy as np

from explainers.arrays import FloatArray
from reasoned.images.preprocessing import Preprocessing


def input_range(preprocessing: Preprocessing) -> FloatArray:
    """Give what a black and a white pixel become; shape (2, channels)."""
    shape = (preprocessing.height, preprocessing.width, preprocessing.channels)
    shades = [np.full(shape, shade, np.uint8) for shade in (0, 255)]
    return np.stack([preprocessing.apply(shade)[:, 0, 0] for shade in shades])
