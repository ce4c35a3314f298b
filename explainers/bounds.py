"""Bounds of a share that was counted; at fit time only."""

import math

import numpy as np
from scipy.stats import beta

from explainers.arrays import DoubleArray, IntArray


def clopper_pearson_lower(agreed: int, of: int, level: float = 0.95) -> float:
    """Give the one-sided lower confidence bound of a binomial share.

    Parameters
    ----------
    agreed, of
        How many of how many.
    level
        The confidence, by default 95 %.

    Returns
    -------
    float
        The largest share under which so many or more would come with a probability of at
        most ``1 - level``; 0 where nothing agreed.

    References
    ----------
    Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case
    of the binomial, Biometrika 26, 1934.

    """
    if agreed == 0:
        return 0.0
    return float(beta.ppf(1.0 - level, agreed, of - agreed + 1))


def clopper_pearson_lowers(agreed: IntArray, of: IntArray, level: float) -> DoubleArray:
    """Give the same for many shares at once; shape (shares)."""
    found: DoubleArray = np.zeros(len(agreed))
    some = agreed > 0
    found[some] = beta.ppf(1.0 - level, agreed[some], of[some] - agreed[some] + 1)
    return found


def clopper_pearson_upper(count: int, of: int, error: float) -> float:
    """Give the one-sided upper confidence bound of a binomial share.

    Parameters
    ----------
    count, of
        How many of how many.
    error
        The probability with which the bound may not hold.

    References
    ----------
    Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case
    of the binomial, Biometrika 26, 1934.

    """
    if count == of:
        return 1.0
    return float(beta.isf(error, count + 1, of - count))


def chernoff_upper(mean: float, of: int, error: float) -> float:
    """Give an upper confidence bound of the mean of numbers in [0, 1].

    The largest m that is at least `mean` with KL(mean, m) <= log(1/error) / of, where KL is the
    relative entropy of two coins.

    References
    ----------
    Hoeffding, Probability inequalities for sums of bounded random variables, Journal of the
    American Statistical Association 58, 1963, theorem 1 (2.1).

    """
    wanted = math.log(1.0 / error) / of
    low, high = mean, 1.0
    while True:
        middle = (low + high) / 2.0
        if middle in (low, high):
            return high
        low, high = (middle, high) if _entropy(mean, middle) <= wanted else (low, middle)


def _entropy(mean: float, other: float) -> float:
    first = mean * math.log(mean / other) if mean > 0.0 else 0.0
    rest = (1.0 - mean) * math.log((1.0 - mean) / (1.0 - other)) if mean < 1.0 else 0.0
    return first + rest
