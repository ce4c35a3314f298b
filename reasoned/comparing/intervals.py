"""95 % intervals of what two models do to the same images."""

import dataclasses
from collections.abc import Callable
from typing import Final, final

import numpy as np
from scipy.stats import binomtest, norm

from explainers.arrays import BoolArray, IntArray

LEVEL: Final = 0.95
DRAWS: Final = 300


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and where its true value lies with 95 % confidence."""

    value: float
    low: float
    high: float


def share_interval(flags: BoolArray) -> Interval:
    """Give the share of images that are flagged, of shape (images), by Wilson's interval."""
    found = binomtest(int(flags.sum()), len(flags)).proportion_ci(LEVEL, method="wilson")
    return Interval(float(flags.mean()), float(found.low), float(found.high))


def paired_difference(before: BoolArray, after: BoolArray) -> Interval:
    """Give how far a share moved on the same images, by the adjusted Wald interval.

    Only the images that changed sides widen it: the pairs are kept, as in McNemar's test.

    Parameters
    ----------
    before, after
        Shape (images). What each model does.

    References
    ----------
    Bonett and Price, Adjusted Wald confidence interval for a difference of binomial
    proportions based on paired data, Journal of Educational and Behavioral Statistics 37, 2012.

    """
    lost, won = int((before & ~after).sum()), int((after & ~before).sum())
    count = len(before)
    low_share, high_share = (lost + 1) / (count + 2), (won + 1) / (count + 2)
    middle = high_share - low_share
    spread = np.sqrt((low_share + high_share - middle**2) / (count + 2))
    reach = float(norm.ppf(0.5 + LEVEL / 2) * spread)
    return Interval((won - lost) / count, max(middle - reach, -1.0), min(middle + reach, 1.0))


def drawn_again(
    figure: Callable[[IntArray], float], images: int, rng: np.random.Generator
) -> Interval:
    """Give any figure of images with its percentile interval over images drawn again.

    Parameters
    ----------
    figure
        Of the positions of some images, any of them several times.
    images
        How many there are.
    rng
        Draws them.

    References
    ----------
    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.

    """
    value = figure(np.arange(images))
    drawn = [figure(rng.integers(0, images, images)) for _ in range(DRAWS)]
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return Interval(value, float(low), float(high))
