"""The densities of the elastic net, with their normalisers, on the log scale.

The scaled complementary error function stands in for the normal distribution function of the
textbook form ``d + log Phi(-sqrt(2 d))``, which cancels where d is large.
"""

import dataclasses
import math
from typing import final

import numpy as np
from scipy.special import erfcx

from explainers.arrays import DoubleArray

FLOOR = 1e-12


@final
@dataclasses.dataclass(frozen=True)
class Size:
    """All that the elastic net's density reads of a coefficient vector.

    Attributes
    ----------
    absolute
        |b|_1.
    squared
        |b|_2^2.
    count
        p, how many coefficients.

    """

    absolute: float
    squared: float
    count: int


def sizes_of(b: DoubleArray) -> list[Size]:
    """Measure coefficient vectors, shape (components, penalised)."""
    absolute = np.abs(b).sum(axis=1).tolist()
    squared = np.einsum("jp,jp->j", b, b).tolist()
    return [Size(one, two, b.shape[1]) for one, two in zip(absolute, squared, strict=True)]


def log_normaliser(s2: float, l1: float, l2: float) -> float:
    """Give log Z, the integral over one coefficient of its unnormalised density."""
    root = l1 / math.sqrt(8.0 * l2 * s2)  # of d
    return 0.5 * math.log(2.0 * math.pi * s2 / l2) + math.log(erfcx(root))


def log_elastic_net(size: Size, s2: float, l1: float, l2: float) -> float:
    """Give log p(b | s2, l1, l2), with tau integrated out."""
    penalty = (l1 * size.absolute + l2 * size.squared) / (2.0 * s2)
    return -penalty - size.count * log_normaliser(s2, l1, l2)


def log_mixing(tau: DoubleArray, s2: float, l1: float, l2: float) -> float:
    """Give log p(tau | s2, l1, l2): inverse gamma with shape 1/2, truncated to (0, 1).

    Parameters
    ----------
    tau
        Shape (penalised).
    s2, l1, l2
        The noise variance and the penalties that the scale d is made of.

    """
    d = l1 * l1 / (8.0 * l2 * s2)
    constant = 0.5 * math.log(d / math.pi) - math.log(erfcx(math.sqrt(d)))
    # d (1 - 1/tau) in one term: apart, both outgrow the sum by ten orders of magnitude.
    excess = float(((1.0 - tau) / tau).sum())
    return len(tau) * constant - d * excess - 1.5 * float(np.log(tau).sum())
