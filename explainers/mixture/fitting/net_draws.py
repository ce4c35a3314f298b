"""Steps 6 and 7 of the sweep: which net a component uses, and the nets' penalties."""

import math
from collections.abc import Callable

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.mixture.fitting.densities import Size, log_elastic_net, sizes_of
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.slice_sampling import draw_slice
from explainers.mixture.fitting.state import State

Target = Callable[[float], float]
User = tuple[Size, float]  # a component's coefficients, and its s2


def users_of(state: State) -> list[User]:
    """Give each component's coefficients and noise variance, as its net sees them."""
    sizes = sizes_of(state.b[:, : state.tau.shape[1]])
    return list(zip(sizes, state.s2.tolist(), strict=True))


def choose_nets(state: State, rng: np.random.Generator) -> IntArray:
    """Draw c, shape (components): the first half of step 6.

    Raises
    ------
    FittingError
        Where the densities of a component's coefficients are not numbers.

    """
    nets = list(zip(state.l1.tolist(), state.l2.tolist(), strict=True))
    logs = np.array([[log_elastic_net(*user, *net) for net in nets] for user in users_of(state)])
    logs += np.log(np.maximum(state.w, np.finfo(np.float64).tiny))
    if not np.all(np.isfinite(logs)):
        raise FittingError(
            f"the log densities of the coefficients under each net must be numbers, but are {logs}"
        )
    c: IntArray = (logs + rng.gumbel(size=logs.shape)).argmax(axis=1)
    return c


def weigh_nets(c: IntArray, prior: Prior, rng: np.random.Generator) -> DoubleArray:
    """Draw w, shape (nets), from the nets that the components use: the second half of step 6."""
    return rng.dirichlet(1.0 / prior.nets + np.bincount(c, minlength=prior.nets))


def l1_target(users: list[User], l2: float, prior: Prior) -> Target:
    """Give the log density of log l1_k for the components that use net k."""

    def target(x: float) -> float:
        l1 = math.exp(x)
        nets = math.fsum(log_elastic_net(size, s2, l1, l2) for size, s2 in users)
        return prior.big_l * x - 0.5 * prior.v * l1 + nets

    return target


def l2_target(users: list[User], l1: float, prior: Prior) -> Target:
    """Give the log density of log l2_k for the components that use net k."""

    def target(x: float) -> float:
        l2 = math.exp(x)
        nets = math.fsum(log_elastic_net(size, s2, l1, l2) for size, s2 in users)
        return prior.big_r * x - 0.5 * prior.v * l2 + nets

    return target


def draw_penalties(
    state: State, prior: Prior, rng: np.random.Generator
) -> tuple[DoubleArray, DoubleArray]:
    """Draw l1 and l2, shapes (nets), by slice sampling on the log scale: step 7.

    A net that no component uses draws from its prior.
    """
    users = users_of(state)
    l1, l2 = state.l1.tolist(), state.l2.tolist()
    for k in range(prior.nets):
        own = [users[j] for j in np.flatnonzero(state.c == k)]
        target = l1_target(own, l2[k], prior)
        l1[k] = math.exp(draw_slice(f"log l1 of net {k}", target, math.log(l1[k]), rng))
        target = l2_target(own, l1[k], prior)
        l2[k] = math.exp(draw_slice(f"log l2 of net {k}", target, math.log(l2[k]), rng))
    return np.array(l1), np.array(l2)
