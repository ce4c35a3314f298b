"""Step 5 of the sweep: noise variances, with tau integrated out."""

import dataclasses
import math
from collections.abc import Callable
from typing import final

import numpy as np

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.densities import Size, log_elastic_net, sizes_of
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.slice_sampling import draw_slice
from explainers.mixture.fitting.state import State


@final
@dataclasses.dataclass(frozen=True)
class Noise:
    """What the noise variance of one component depends on.

    Attributes
    ----------
    rows
        n_j.
    residual_squares
        RSS_j.
    size
        Of its penalised coefficients.
    intercept
        Of the component; 0 where it has none.
    l1, l2
        The penalties of the net that it uses.

    """

    rows: int
    residual_squares: float
    size: Size
    intercept: float
    l1: float
    l2: float


def noises(state: State, grams: Grams, prior: Prior) -> list[Noise]:
    """Gather what each component's noise variance depends on."""
    squares = grams.residual_squares(state.b).tolist()
    sizes = sizes_of(state.b[:, : state.tau.shape[1]])
    return [
        Noise(
            rows=int(grams.rows[j]),
            residual_squares=squares[j],
            size=size,
            intercept=float(state.b[j, -1]) if prior.intercept else 0.0,
            l1=float(state.l1[state.c[j]]),
            l2=float(state.l2[state.c[j]]),
        )
        for j, size in enumerate(sizes)
    ]


def variance_target(noise: Noise, prior: Prior) -> Callable[[float], float]:
    """Give the log density of log s2_j, up to a constant."""
    shape = prior.a + 0.5 * noise.rows
    rate = prior.b + 0.5 * noise.residual_squares
    if prior.intercept:
        shape += 0.5
        rate += 0.5 * noise.intercept**2 / prior.intercept

    def target(x: float) -> float:
        net = log_elastic_net(noise.size, math.exp(x), noise.l1, noise.l2)
        return -shape * x - rate * math.exp(-x) + net

    return target


def draw_variances(
    state: State, grams: Grams, prior: Prior, rng: np.random.Generator
) -> DoubleArray:
    """Draw s2, shape (components), by slice sampling on the log scale."""
    starts = np.log(state.s2).tolist()
    drawn = [
        draw_slice(f"log s2 of component {j}", variance_target(noise, prior), starts[j], rng)
        for j, noise in enumerate(noises(state, grams, prior))
    ]
    s2: DoubleArray = np.exp(drawn)
    return s2
