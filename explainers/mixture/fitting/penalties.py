"""The elastic nets of an EM iteration: which component uses which, and their penalties."""

import dataclasses
from collections.abc import Callable
from typing import Self, final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import erfcx

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.prior import Prior

SPREAD = 1.0  # the nets start up to this many powers of ten from the prior's means
LONGEST_STEP = np.log(10.0)
PRICE_OF_A_NET = 3.0  # nats: two penalties more under their priors


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Lengths:
    """What the nets read of the components.

    Attributes
    ----------
    absolute, squared
        Shape (components). Expected ``|b_j|_1`` and ``|b_j|_2^2``, without the intercepts.
    s2
        Shape (components). Noise variances.
    penalised
        How many coefficients that is: p.

    """

    absolute: DoubleArray
    squared: DoubleArray
    s2: DoubleArray
    penalised: int

    def log_density(self, l1: DoubleArray | float, l2: DoubleArray | float) -> DoubleArray:
        """Give log p(b_j | s2_j, l1, l2) for each component (last axis), tau integrated out."""
        d = np.square(l1) / (8.0 * np.asarray(l2) * self.s2)
        log_z = 0.5 * np.log(2.0 * np.pi * self.s2 / l2) + np.log(erfcx(np.sqrt(d)))
        cost = (l1 * self.absolute + l2 * self.squared) / (2.0 * self.s2)
        return np.asarray(-cost - self.penalised * log_z)

    def of(self, some: IntArray) -> "Lengths":
        """Keep some of the components."""
        return dataclasses.replace(
            self, absolute=self.absolute[some], squared=self.squared[some], s2=self.s2[some]
        )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Nets:
    """The K elastic nets.

    Attributes
    ----------
    l1, l2, w
        Shape (nets). The penalties, and how probable each net is.

    """

    l1: DoubleArray
    l2: DoubleArray
    w: DoubleArray

    @classmethod
    def spread(cls, prior: Prior) -> Self:
        """Start around the prior's means, from dense (small l1, large l2) to sparse."""
        powers = np.linspace(-SPREAD, SPREAD, prior.nets) if prior.nets > 1 else np.zeros(1)
        l1 = 2.0 * prior.big_l / prior.v * 10.0**powers
        l2 = 2.0 * prior.big_r / prior.v * 10.0**-powers
        return cls(l1, l2, np.full(prior.nets, 1.0 / prior.nets))

    def chosen(self, lengths: Lengths) -> IntArray:
        """Give the most probable net of each component, shape (components)."""
        densities = lengths.log_density(self.l1[:, None], self.l2[:, None])  # (nets, components)
        return np.asarray(np.argmax(densities + np.log(self.w)[:, None], axis=0), dtype=np.int64)

    def updated(self, c: IntArray, lengths: Lengths, prior: Prior) -> "tuple[Nets, IntArray]":
        """Move each net to the mode given the components that use it.

        A net without components goes to the component that gains most from a net of its own,
        where one gains enough to pay for it: components that once shared a net would stay
        together for good, since no single move of theirs to an unused net is a gain.

        Returns
        -------
        nets, c
            The nets, and which net each component then uses.

        """
        c = c.copy()
        found = self
        for k in range(len(self.w)):
            if np.any(c == k):
                found = _moved(found, k, lengths.of(np.flatnonzero(c == k)), prior)
        for k in range(len(self.w)):
            if not np.any(c == k):
                found, gained = _lent(found, k, c, lengths, prior)
                c[gained] = k
        counts = np.bincount(c, minlength=len(self.w))
        w = (counts + 1.0 / prior.nets) / (counts.sum() + 1.0)
        return dataclasses.replace(found, w=w), c


def _moved(nets: Nets, k: int, own: Lengths, prior: Prior) -> Nets:
    l1, l2 = nets.l1.copy(), nets.l2.copy()
    for _ in range(2):
        l1[k] = _mode(l1[k], _of_l1(own, l2[k]), prior.big_l, prior.v)
        l2[k] = _mode(l2[k], _of_l2(own, l1[k]), prior.big_r, prior.v)
    return dataclasses.replace(nets, l1=l1, l2=l2)


def _lent(nets: Nets, k: int, c: IntArray, lengths: Lengths, prior: Prior) -> tuple[Nets, IntArray]:
    """Offer the unused net k to each component that shares its own, and keep the best offer."""
    gain, best, gained = PRICE_OF_A_NET, nets, np.zeros(0, dtype=np.int64)
    sharing = np.flatnonzero(np.bincount(c)[c] > 1)
    for j in sharing:
        own, shared = lengths.of(np.array([j])), int(c[j])
        l1, l2 = nets.l1.copy(), nets.l2.copy()
        l1[k], l2[k] = l1[shared], l2[shared]
        offer = _moved(dataclasses.replace(nets, l1=l1, l2=l2), k, own, prior)
        densities = own.log_density(offer.l1[[k, shared], None], offer.l2[[k, shared], None])[:, 0]
        if densities[0] - densities[1] > gain:
            gain, best, gained = float(densities[0] - densities[1]), offer, np.array([j])
    return best, gained


def _of_l1(own: Lengths, l2: float) -> Callable[[float], DoubleArray]:
    return lambda l1: own.log_density(l1, l2)


def _of_l2(own: Lengths, l1: float) -> Callable[[float], DoubleArray]:
    return lambda l2: own.log_density(l1, l2)


def _mode(
    start: float, log_density: Callable[[float], DoubleArray], shape: float, v: float
) -> float:
    def cost(log_value: float) -> float:
        value = float(np.exp(log_value))
        return -float(shape * log_value - v / 2.0 * value + log_density(value).sum())

    middle = float(np.log(start))
    bounds = (middle - LONGEST_STEP, middle + LONGEST_STEP)
    found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 1e-3})
    return float(np.exp(found.x))
