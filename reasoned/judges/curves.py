"""Insertion and deletion: the class's probability while an image comes or goes."""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy import ndimage, special

from explainers.arrays import BoolArray, DoubleArray, FloatArray
from reasoned.judges.explaining_again import Judged
from reasoned.judges.settings import JudgeSettings, Metric

Filling = Callable[[FloatArray, JudgeSettings], FloatArray]


def deletion(judged: Judged, settings: JudgeSettings) -> DoubleArray:
    """Replace pixels by the image's mean colour, the most important first.

    Returns
    -------
    DoubleArray
        Shape (images, steps). The probability of the class, from the whole image to nothing
        of it; each step takes as many pixels as the image has columns.

    References
    ----------
    Petsiuk et al., RISE: randomized input sampling for explanation of black-box models,
    BMVC 2018; like the next.

    """
    return _along(judged, settings, judged.pixels, _mean_colour(judged.pixels))


def insertion(judged: Judged, settings: JudgeSettings) -> DoubleArray:
    """Put pixels into the blurred image, the most important first; as for `deletion`."""
    width = settings.blur * max(judged.pixels.shape[2:])
    blurred = ndimage.gaussian_filter(judged.pixels, (0, 0, width, width))
    return _along(judged, settings, blurred, judged.pixels)


CURVES: Final[dict[Metric, Callable[[Judged, JudgeSettings], DoubleArray]]] = {
    "deletion": deletion,
    "insertion": insertion,
}


def areas(curves: DoubleArray) -> DoubleArray:
    """Give the area under each curve, shape (images), as a share of the largest possible."""
    found: DoubleArray = np.trapezoid(curves, axis=1) / (curves.shape[1] - 1)
    return found


def _along(
    judged: Judged, settings: JudgeSettings, start: FloatArray, stop: FloatArray
) -> DoubleArray:
    images, _, rows, columns = judged.pixels.shape
    ranks = judged.ranked(settings.seed).reshape(images, -1)
    # How many pixels are more important than each.
    before = np.rint((1.0 - ranks) * (rows * columns - 1)).reshape(images, 1, rows, columns)
    found = []
    for step in range(rows + 1):
        changed: BoolArray = before < step * columns
        logits = judged.network.logits(np.where(changed, stop, start))
        chances = special.softmax(logits.astype(np.float64), axis=1)
        found.append(chances[np.arange(images), judged.classes])
    return np.stack(found, axis=1)


def _mean_colour(pixels: FloatArray) -> FloatArray:
    return np.broadcast_to(pixels.mean(axis=(2, 3), keepdims=True), pixels.shape)
