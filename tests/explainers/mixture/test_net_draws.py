import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import chisquare, gamma, kstest

from explainers.errors import FittingError
from explainers.mixture.fitting.densities import log_elastic_net, sizes_of
from explainers.mixture.fitting.net_draws import (
    choose_nets,
    draw_penalties,
    l1_target,
    l2_target,
    users_of,
    weigh_nets,
)
from explainers.mixture.fitting.prior import Prior
from tests.explainers.mixture.tiny import PENALISED, WITH, WITHOUT, tiny

BOTH = pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])


@BOTH
def test_nets_are_chosen_as_enumeration_says(prior: Prior) -> None:
    _, state = tiny(prior)
    rng = np.random.default_rng(0)
    sizes = sizes_of(state.b[:, :PENALISED])

    draws = np.array([choose_nets(state, rng) for _ in range(4_000)])

    for j, size in enumerate(sizes):
        weights = [
            state.w[k] * math.exp(log_elastic_net(size, state.s2[j], state.l1[k], state.l2[k]))
            for k in range(2)
        ]
        expected = len(draws) * np.array(weights) / sum(weights)
        counts = np.bincount(draws[:, j], minlength=2)
        assert chisquare(counts, expected).pvalue > 0.01


def test_a_net_of_no_weight_is_not_an_error() -> None:
    _, state = tiny(WITHOUT)

    found = choose_nets(
        dataclasses.replace(state, w=np.array([0.0, 1.0])), np.random.default_rng(0)
    )

    assert found.tolist() == [1, 1, 1]


def test_densities_that_are_no_numbers_are_an_error() -> None:
    _, state = tiny(WITHOUT)
    broken = dataclasses.replace(state, l1=np.array([1.0, math.nan]))

    with pytest.raises(FittingError, match="under each net must be numbers, but are"):
        choose_nets(broken, np.random.default_rng(0))


def test_weights_are_dirichlet_draws_of_the_counts() -> None:
    rng = np.random.default_rng(0)

    draws = np.array([weigh_nets(np.array([1, 1, 0]), WITHOUT, rng) for _ in range(2_000)])

    assert kstest(draws[:, 1], "beta", args=(2.5, 1.5)).pvalue > 0.01


@BOTH
def test_the_targets_are_the_joint_density_up_to_a_constant(prior: Prior) -> None:
    _, state = tiny(prior)
    users = users_of(state)[::2]

    def log_density(l1: float, l2: float) -> float:
        nets = sum(log_elastic_net(size, s2, l1, l2) for size, s2 in users)
        first = float(gamma.logpdf(l1, prior.big_l, scale=2.0 / prior.v))
        second = float(gamma.logpdf(l2, prior.big_r, scale=2.0 / prior.v))
        return nets + first + second + math.log(l1) + math.log(l2)

    first, second = l1_target(users, 0.7, prior), l2_target(users, 0.7, prior)
    for x in (-2.0, 0.3, 2.5):
        assert first(x) - first(0.0) == pytest.approx(
            log_density(math.exp(x), 0.7) - log_density(1.0, 0.7), abs=1e-9
        )
        assert second(x) - second(0.0) == pytest.approx(
            log_density(0.7, math.exp(x)) - log_density(0.7, 1.0), abs=1e-9
        )


def test_a_net_that_nobody_uses_draws_from_its_prior() -> None:
    prior = Prior(components=3, nets=2, big_l=1.0, big_r=4.0, v=1.0)
    _, state = tiny(prior)
    state = dataclasses.replace(state, c=np.zeros(3, dtype=np.int64))
    rng, draws = np.random.default_rng(0), []
    for _ in range(3_000):
        l1, l2 = draw_penalties(state, prior, rng)
        state = dataclasses.replace(state, l1=l1, l2=l2)
        draws.append((l1[1], l2[1]))

    own = np.array(draws)[::3]
    assert kstest(own[:, 0], "gamma", args=(1.0, 0.0, 2.0)).pvalue > 0.01
    assert kstest(own[:, 1], "gamma", args=(4.0, 0.0, 2.0)).pvalue > 0.01


def test_penalties_move_under_the_components_that_use_them() -> None:
    _, state = tiny(WITHOUT)
    large = dataclasses.replace(state, b=10.0 * state.b)
    small = dataclasses.replace(state, b=0.1 * state.b)
    rng = np.random.default_rng(0)

    strong = np.mean([draw_penalties(small, WITHOUT, rng)[1] for _ in range(300)])
    weak = np.mean([draw_penalties(large, WITHOUT, rng)[1] for _ in range(300)])

    assert strong > 3.0 * weak
