"""How much of a score is kept, and how alike two explanations are."""

import numpy as np
from scipy import stats

from explainers.arrays import AnyArray, BoolArray, DoubleArray, check_shape


def average_drop(before: DoubleArray, after: DoubleArray) -> float:
    """Give the mean share of the score that is lost; a score that rises loses nothing.

    Parameters
    ----------
    before, after
        Shape (images). The score of the class on the image, and on what is left of it.

    References
    ----------
    AD of Chattopadhay et al., Grad-CAM++, WACV 2018, as Lam et al., ICCV 2021, use it.

    """
    _check_paired(before, after)
    lost = np.maximum(0.0, before - after)
    # A score of nothing has nothing to lose.
    return float(np.divide(lost, before, out=np.zeros_like(lost), where=before > 0).mean())


def average_increase(before: DoubleArray, after: DoubleArray) -> float:
    """Give the share of the images whose score rises, and not merely stays.

    Parameters
    ----------
    before, after
        Shape (images). As for `average_drop`.

    """
    _check_paired(before, after)
    return float((before < after).mean())


def jaccard(first: BoolArray, second: BoolArray) -> float:
    """Give what two sets share, of all that either holds; two empty sets are the same.

    Parameters
    ----------
    first, second
        Shape (images). Which images each holds.

    """
    _check_paired(first, second)
    either = int((first | second).sum())
    return int((first & second).sum()) / either if either else 1.0


def rank_correlation(first: DoubleArray, second: DoubleArray) -> float | None:
    """Give Spearman's correlation of two maps, or None where one is the same everywhere.

    Parameters
    ----------
    first, second
        Shape (rows, columns).

    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(stats.spearmanr(first.ravel(), second.ravel()).statistic)


def _check_paired(first: AnyArray, second: AnyArray) -> None:
    check_shape("the second", second, "images", images=first.size)
    check_shape("the first", first, "images", images=max(first.size, 1))
