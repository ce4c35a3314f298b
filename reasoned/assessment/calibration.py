"""Whether the estimate of replies is right on average: reliability diagram, calibration error."""

from itertools import pairwise

import numpy as np
from scipy.stats import beta, rankdata

from explainers.arrays import BoolArray, DoubleArray, IntArray, check_shape
from reasoned.assessment.figures import BinFigures

BINS = 20
_INTERVAL = 0.95


def reliability_diagram(
    estimate: DoubleArray, agreed: BoolArray, bins: int = BINS
) -> tuple[BinFigures, ...]:
    """Put images of neighbouring estimates into bins, and count what came.

    Every estimate has a bin of its own where there are no more than `bins` different ones. Else
    bins hold equally many images as far as ties allow: an image's bin goes by the middle rank
    of its estimate, so that equal estimates always share one. Images whose estimate is NaN
    are left out.

    Parameters
    ----------
    estimate
        Shape (images).
    agreed
        Shape (images). Whether what was estimated came true.
    bins
        How many there are at most.

    Returns
    -------
    tuple of BinFigures
        By growing estimate, with two-sided 95 % Clopper-Pearson intervals of what came.

    """
    check_shape("agreed", agreed, "images", images=len(estimate))
    known = ~np.isnan(estimate)
    values, came = estimate[known], agreed[known]
    places = bin_places(values, bins)
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    edges = [*starts.tolist(), len(order)]
    return tuple(
        _bin(values[order[low:high]], came[order[low:high]]) for low, high in pairwise(edges)
    )


def bin_places(estimate: DoubleArray, bins: int = BINS) -> IntArray:
    """Give the bin of each estimate, by growing estimate; see `reliability_diagram`.

    Parameters
    ----------
    estimate
        Shape (images). None of them NaN.
    bins
        How many there are at most.

    """
    different, places = np.unique(estimate, return_inverse=True)
    if len(different) > bins:
        places = np.floor((rankdata(estimate) - 0.5) / len(estimate) * bins)
    return places.astype(np.int64)


def calibration_error(diagram: tuple[BinFigures, ...]) -> float:
    """Give the mean distance of estimate and observed share, each bin by its images.

    This is the expected calibration error over the diagram's bins; 0 where there are none.
    """
    return _weighted(diagram, [abs(one.estimate - one.observed) for one in diagram])


def error_by_chance(diagram: tuple[BinFigures, ...]) -> float:
    """Give the calibration error to be expected, for want of images, of right estimates.

    Counts of a bin are taken as normal around its estimate, whose mean absolute deviation is
    ``sqrt(2 / pi)`` standard deviations.
    """
    spreads = [np.sqrt(2 / np.pi * one.estimate * (1 - one.estimate) / one.of) for one in diagram]
    return _weighted(diagram, [float(spread) for spread in spreads])


def interval(agreed: int, of: int) -> tuple[float, float]:
    """Give the two-sided 95 % Clopper-Pearson interval of a share of at least one image."""
    tail = (1 - _INTERVAL) / 2
    low = float(beta.ppf(tail, agreed, of - agreed + 1)) if agreed else 0.0
    high = float(beta.ppf(1 - tail, agreed + 1, of - agreed)) if agreed < of else 1.0
    return low, high


def _bin(estimate: DoubleArray, agreed: BoolArray) -> BinFigures:
    count, of = int(agreed.sum()), len(agreed)
    low, high = interval(count, of)
    return BinFigures(
        estimate=float(estimate.mean()), observed=count / of, low=low, high=high, of=of
    )


def _weighted(diagram: tuple[BinFigures, ...], values: list[float]) -> float:
    images = sum(one.of for one in diagram)
    if not images:
        return 0.0
    return sum(one.of * value for one, value in zip(diagram, values, strict=True)) / images
