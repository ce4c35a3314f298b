"""95 % intervals by drawing images again, with replacement."""

import dataclasses
from typing import Final, final

import numpy as np

from explainers.arrays import AnyArray, DoubleArray, check_shape

DRAWS: Final = 2000
_LOW, _HIGH = 2.5, 97.5


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Bounds:
    """Means of images, and where 95 % of the means of images drawn again lie.

    Attributes
    ----------
    mean, low, high
        Shape (columns).

    """

    mean: DoubleArray
    low: DoubleArray
    high: DoubleArray


def bootstrap(values: AnyArray, rng: np.random.Generator, draws: int = DRAWS) -> Bounds:
    """Give the means over images with their 95 % percentile intervals.

    Parameters
    ----------
    values
        Shape (images, columns). A draw takes whole rows: what stands in one row stays paired.
    rng
        Draws the images.
    draws
        How many sets of images.

    References
    ----------
    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.

    """
    check_shape("values", values, "images", "columns")
    count, rows = len(values), values.astype(np.float64)
    # How often each image is drawn says all about a draw.
    times = rng.multinomial(count, np.full(count, 1 / count), size=draws)
    means = times @ rows / count  # (draws, columns)
    low, high = np.percentile(means, [_LOW, _HIGH], axis=0)
    return Bounds(rows.mean(axis=0), low, high)
