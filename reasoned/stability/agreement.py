"""How alike two assignments of the same images to groups are."""

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from explainers.arrays import AnyArray, DoubleArray


def rand_index(one: AnyArray, other: AnyArray) -> float:
    """Give the adjusted Rand index: 1 for the same groups, about 0 for unrelated ones.

    Parameters
    ----------
    one, other
        Shape (images). The group of each image.

    """
    return float(adjusted_rand_score(one, other))


def mean_best_overlap(one: AnyArray, other: AnyArray) -> float:
    """Give the mean over groups of the best Jaccard index with a group of the other side.

    Taken from both sides, so that it is the same whichever comes first.

    Parameters
    ----------
    one, other
        Shape (images). The group of each image.

    References
    ----------
    Hennig, Cluster-wise assessment of cluster stability, 2007; there from one side.

    """
    table = _counts(one, other)
    either = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
    overlap = table / either
    return float((overlap.max(axis=1).mean() + overlap.max(axis=0).mean()) / 2.0)


def matched_correlation(one: DoubleArray, other: DoubleArray) -> float:
    """Match columns one to one so that they correlate most; give the mean correlation.

    Where one side has more columns, the rest is left unmatched and counts as 0. A column that
    never changes correlates with none.

    Parameters
    ----------
    one, other
        Shape (images, columns). The sign counts.

    """
    found = _standard(one).T @ _standard(other) / len(one)
    rows, columns = linear_sum_assignment(-found)
    return float(found[rows, columns].sum() / max(found.shape))


def correlation(one: DoubleArray, other: DoubleArray) -> float:
    """Give Pearson's correlation of two maps; NaN where one of them is the same everywhere."""
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])


def _counts(one: AnyArray, other: AnyArray) -> DoubleArray:
    groups, first = np.unique(one, return_inverse=True)
    others, second = np.unique(other, return_inverse=True)
    table = np.zeros((len(groups), len(others)))
    np.add.at(table, (first, second), 1.0)
    return table


def _standard(values: DoubleArray) -> DoubleArray:
    moved = values - values.mean(axis=0)
    deviations = moved.std(axis=0)
    found: DoubleArray = np.divide(
        moved, deviations, out=np.zeros_like(moved), where=deviations > 0.0
    )
    return found
