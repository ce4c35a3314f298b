"""How alike two pictures or two rows of numbers are, also where one of them is flat."""

import numpy as np
from scipy import stats

from explainers.arrays import AnyArray, DoubleArray, check_shape


def pearson_rows(a: AnyArray, b: AnyArray, **_asked: bool) -> DoubleArray:
    """Give Pearson's correlation of each row of `a` with that of `b`; 0 where one is flat.

    Parameters
    ----------
    a, b
        Shape (images, numbers).

    """
    check_shape("b", b, "images", "numbers", images=len(a))
    left, right = _centred(a), _centred(b)
    product = np.sqrt((left**2).sum(axis=1) * (right**2).sum(axis=1))
    found: DoubleArray = np.divide(
        (left * right).sum(axis=1), product, out=np.zeros(len(a)), where=product > 0
    )
    return found


def spearman_rows(a: AnyArray, b: AnyArray, **_asked: bool) -> DoubleArray:
    """Give Spearman's rank correlation of each row of `a` with that of `b`.

    Two flat rows are the same, which is 1; a flat row and another one have nothing in common,
    which is 0.

    Parameters
    ----------
    a, b
        Shape (images, numbers).

    """
    check_shape("b", b, "images", "numbers", images=len(a))
    found = pearson_rows(stats.rankdata(a, axis=1), stats.rankdata(b, axis=1))
    both = (np.ptp(a, axis=1) == 0) & (np.ptp(b, axis=1) == 0)
    return np.where(both, 1.0, found)


def picture_similarity(first: DoubleArray, second: DoubleArray) -> DoubleArray:
    """Do the same for pictures (images, rows, columns)."""
    return spearman_rows(first.reshape(len(first), -1), second.reshape(len(second), -1))


def _centred(rows: AnyArray) -> DoubleArray:
    found: DoubleArray = rows - rows.mean(axis=1, keepdims=True, dtype=np.float64)
    return found
