"""Whether the sampler draws from the model: the joint-distribution test, and broken sweeps.

Geweke, Getting it right, JASA 99(467), 2004: parameters and data are drawn from the prior,
and again by turns, data given parameters and one sweep of the parameters given data. Both
have the same distribution if and only if the sweep leaves the posterior as it is.
"""

import argparse
import dataclasses
import json
import math
from collections.abc import Callable
from typing import final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.assignment import assign, break_stick, draw_alpha
from explainers.mixture.fitting.coefficients import draw_coefficients, draw_mixing
from explainers.mixture.fitting.densities import log_normaliser
from explainers.mixture.fitting.drawing import draw_prior, draw_targets
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.net_draws import (
    Target,
    User,
    choose_nets,
    draw_penalties,
    l1_target,
    l2_target,
    users_of,
    weigh_nets,
)
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.slice_sampling import draw_slice
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.sweep import sweep
from explainers.mixture.fitting.variance_draws import draw_variances, noises, variance_target

ROWS, PENALISED, BATCHES = 12, 4, 60
PAPER = Prior(components=3, nets=2)
# With shorter tails, since with an intercept the data pull a chain far out for thousands of
# sweeps.
INTERCEPT = Prior(components=3, nets=2, a=2.0, b=2.0, intercept=1.0)
NAMES = (
    "log s2",
    "log s2 of the first",
    "log s2 squared",
    "log l1",
    "log l2",
    "log l1 squared",
    "log l2 squared",
    "log mean |b|",
    "log mean b^2",
    "share of b > 0",
    "tau",
    "log(1 - tau)",
    "alpha",
    "pi_1",
    "n_1",
    "largest n_j",
    "c",
    "components that share the first's net",
    "w_1",
    "log l1 times log s2",
    "log mean y^2",
    "log mean b_0^2",
    "log b_0^2 times log s2",
)
Variances = Callable[[State, Grams, Prior, np.random.Generator], DoubleArray]
Penalties = Callable[[State, Prior, np.random.Generator], tuple[DoubleArray, DoubleArray]]


@final
@dataclasses.dataclass(frozen=True)
class Steps:
    """A sweep in which steps 5 and 7 may be others."""

    variances: Variances = draw_variances
    penalties: Penalties = draw_penalties

    def __call__(
        self,
        state: State,
        regression: Regression,
        grams: Grams,
        prior: Prior,
        rng: np.random.Generator,
    ) -> State:
        """Draw everything once, as `sweep` does."""
        z = assign(state, regression, rng).z
        grams.moved(state.z, z)
        log_pi = break_stick(grams.rows, state.alpha, rng)
        alpha = draw_alpha(log_pi, prior, rng)
        state = dataclasses.replace(state, z=z, log_pi=log_pi, alpha=alpha)
        state = dataclasses.replace(state, b=draw_coefficients(state, grams, prior, rng))
        state = dataclasses.replace(state, s2=self.variances(state, grams, prior, rng))
        c = choose_nets(state, rng)
        state = dataclasses.replace(state, c=c, w=weigh_nets(c, prior, rng))
        l1, l2 = self.penalties(state, prior, rng)
        state = dataclasses.replace(state, l1=l1, l2=l2)
        return dataclasses.replace(state, tau=draw_mixing(state, rng))


Transition = Callable[[State, Regression, Grams, Prior, np.random.Generator], State]


def proper(
    state: State, regression: Regression, grams: Grams, prior: Prior, rng: np.random.Generator
) -> State:
    """Sweep with the product's sampler."""
    return sweep(state, regression, grams, prior, rng).state


def variances_of_a_wrong_shape(
    state: State, grams: Grams, prior: Prior, rng: np.random.Generator
) -> DoubleArray:
    """Draw s2 as the public script does: (p - 1)/2 is missing from the shape."""
    missing = 0.5 * (state.tau.shape[1] - 1)
    drawn = []
    for noise, start in zip(noises(state, grams, prior), np.log(state.s2), strict=True):
        target = variance_target(noise, prior)
        wrong = _changed(target, lambda x: missing * x)
        drawn.append(draw_slice("log s2", wrong, float(start), rng))
    s2: DoubleArray = np.exp(drawn)
    return s2


def variances_without_intercepts(
    state: State, grams: Grams, prior: Prior, rng: np.random.Generator
) -> DoubleArray:
    """Draw s2 as if the intercepts' density did not depend on it."""
    drawn = []
    for noise, start in zip(noises(state, grams, prior), np.log(state.s2), strict=True):
        target = variance_target(noise, prior)
        wrong = _changed(target, _minus_normal(noise.intercept**2 / prior.intercept))
        drawn.append(draw_slice("log s2", wrong, float(start), rng))
    s2: DoubleArray = np.exp(drawn)
    return s2


def penalties_without_priors(
    state: State, prior: Prior, rng: np.random.Generator
) -> tuple[DoubleArray, DoubleArray]:
    """Draw l1 and l2 without their Gamma priors, as the public script does."""

    def l1(users: list[User], l2: float) -> Target:
        added = _minus_gamma(prior.big_l, prior)
        return _changed(l1_target(users, l2, prior), added)

    def l2(users: list[User], l1: float) -> Target:
        added = _minus_gamma(prior.big_r, prior)
        return _changed(l2_target(users, l1, prior), added)

    return _penalties(state, prior, l1, l2, rng)


def penalties_without_normalisers(
    state: State, prior: Prior, rng: np.random.Generator
) -> tuple[DoubleArray, DoubleArray]:
    """Draw l1 and l2 without log Z."""

    def l1(users: list[User], l2: float) -> Target:
        return _changed(
            l1_target(users, l2, prior),
            lambda x: sum(size.count * log_normaliser(s2, math.exp(x), l2) for size, s2 in users),
        )

    def l2(users: list[User], l1: float) -> Target:
        return _changed(
            l2_target(users, l1, prior),
            lambda x: sum(size.count * log_normaliser(s2, l1, math.exp(x)) for size, s2 in users),
        )

    return _penalties(state, prior, l1, l2, rng)


def _changed(target: Target, change: Target) -> Target:
    return lambda x: target(x) + change(x)


def _minus_normal(square: float) -> Target:
    return lambda x: 0.5 * (x + square * math.exp(-x))


def _minus_gamma(shape: float, prior: Prior) -> Target:
    return lambda x: -shape * x + 0.5 * prior.v * math.exp(x)


def _penalties(
    state: State,
    prior: Prior,
    first: Callable[[list[User], float], Target],
    second: Callable[[list[User], float], Target],
    rng: np.random.Generator,
) -> tuple[DoubleArray, DoubleArray]:
    users = users_of(state)
    l1, l2 = state.l1.copy(), state.l2.copy()
    for k in range(prior.nets):
        own = [users[j] for j in np.flatnonzero(state.c == k)]
        l1[k] = math.exp(draw_slice("l1", first(own, float(l2[k])), math.log(l1[k]), rng))
        l2[k] = math.exp(draw_slice("l2", second(own, float(l1[k])), math.log(l2[k]), rng))
    return l1, l2


def z_scores(
    transition: Transition, prior: Prior, sweeps: int, rng: np.random.Generator
) -> dict[str, float]:
    """Compare the two simulators: differences of means over standard errors, by statistic.

    Raises
    ------
    FittingError
        Where a broken transition leads to densities that cannot be normalised.

    """
    intercept = prior.intercept > 0.0
    x = rng.standard_normal((ROWS, PENALISED + intercept))
    if intercept:
        x[:, -1] = 1.0
    regression = Regression(x, np.zeros(ROWS), intercept)
    state = draw_prior(prior, regression, rng)
    independent, chained = [], []
    for _ in range(sweeps):
        drawn = draw_prior(prior, regression, rng)
        independent.append(statistics(drawn, draw_targets(drawn, regression, rng)))
        regression = Regression(x, draw_targets(state, regression, rng), intercept)
        grams = Grams.of(regression, state.z, prior.components)
        state = transition(state, regression, grams, prior, rng)
        chained.append(statistics(state, regression.y))
    found = _compare(np.array(independent), np.array(chained))
    return dict(zip(NAMES, found.tolist(), strict=True))


def statistics(state: State, y: DoubleArray) -> list[float]:
    """Give the numbers whose means are compared, in the order of `NAMES`."""
    b = state.b[:, :PENALISED]
    log_s2, log_l1, log_l2 = np.log(state.s2), np.log(state.l1), np.log(state.l2)
    rows = np.bincount(state.z, minlength=len(state.s2))
    used = log_l1[state.c]
    return [
        log_s2.mean(),
        log_s2[0],
        log_s2 @ log_s2,
        log_l1.mean(),
        log_l2.mean(),
        log_l1 @ log_l1,
        log_l2 @ log_l2,
        np.log(np.abs(b).mean()),
        np.log((b * b).mean()),
        (b > 0.0).mean(),
        state.tau.mean(),
        np.log1p(-state.tau).mean(),
        state.alpha,
        np.exp(state.log_pi[0]),
        rows[0],
        rows.max(),
        state.c.mean(),
        (state.c == state.c[0]).mean(),
        state.w[0],
        used @ log_s2,
        np.log((y * y).mean()),
        np.log((state.b[:, -1] ** 2).mean()),
        np.log(state.b[:, -1] ** 2) @ log_s2,
    ]


def _compare(independent: DoubleArray, chained: DoubleArray) -> DoubleArray:
    batches = chained[: len(chained) // BATCHES * BATCHES].reshape(BATCHES, -1, len(NAMES))
    chain_error = batches.mean(axis=1).var(axis=0, ddof=1) / BATCHES
    prior_error = independent.var(axis=0, ddof=1) / len(independent)
    difference = chained.mean(axis=0) - independent.mean(axis=0)
    scores: DoubleArray = difference / np.sqrt(chain_error + prior_error)
    return scores


def geweke(sweeps: int, rng: np.random.Generator) -> float:
    """Give the largest |z| of the sampler, with and without an intercept."""
    both = [z_scores(proper, prior, sweeps, rng) for prior in (PAPER, INTERCEPT)]
    return max(abs(score) for scores in both for score in scores.values())


def main() -> None:
    """Print the z-scores of the sampler."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with threadpool_limits(1):
        largest = geweke(asked.sweeps, np.random.default_rng(asked.seed))
    print(json.dumps({"sweeps": asked.sweeps, "geweke_max_abs_z": round(largest, 2)}))


if __name__ == "__main__":
    main()
