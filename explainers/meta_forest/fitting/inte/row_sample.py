"""A bounded draw of rows, for steps that need not see every image."""

import numpy as np

from explainers.arrays import IntArray


def some_rows(images: int, most: int, rng: np.random.Generator) -> IntArray:
    """Draw at most `most` of the row numbers 0 to `images` - 1, in ascending order."""
    if images <= most:
        return np.arange(images)
    return np.sort(rng.choice(images, size=most, replace=False))
