"""Bounds of a share that was counted; at fit time only."""

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
