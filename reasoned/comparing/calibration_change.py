"""How far the calibration error of the estimate moved between two models."""

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from reasoned.assessment.calibration import BINS, bin_places
from reasoned.comparing.intervals import Interval, drawn_again

Statement = tuple[DoubleArray, BoolArray]


def calibration_change(
    before: Statement, after: Statement, rng: np.random.Generator
) -> tuple[float, float, Interval]:
    """Give both calibration errors, and the second less the first with its interval.

    The bins are those of `reasoned.assessment.calibration`. They stay as they are while images
    are drawn again, so that the interval is of the statements and not of the bins.

    Parameters
    ----------
    before, after
        Each model's estimates, and whether what was estimated came true; shapes (images).
    rng
        Draws the images.

    """
    one, other = _gaps(*before), _gaps(*after)

    def rise(rows: IntArray) -> float:
        return _error(*other, rows) - _error(*one, rows)

    images = np.arange(len(before[0]))
    return _error(*one, images), _error(*other, images), drawn_again(rise, len(images), rng)


def _gaps(estimate: DoubleArray, agreed: BoolArray) -> tuple[IntArray, DoubleArray]:
    """Give each image's bin, and by how much its estimate is too high; shapes (images)."""
    return bin_places(estimate), estimate - agreed


def _error(places: IntArray, gaps: DoubleArray, rows: IntArray) -> float:
    sums = np.bincount(places[rows], gaps[rows], BINS)
    return float(np.abs(sums).sum() / len(rows))
