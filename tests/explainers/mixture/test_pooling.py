import dataclasses

import numpy as np
import pytest

from explainers.mixture.fitting.averages import Averages
from explainers.mixture.fitting.convergence import Moments
from explainers.mixture.fitting.pooling import pooled
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.running import Running
from tests.explainers.mixture.regimes import a_state, small

REGRESSION = small()
Z = (np.arange(80) % 2).astype(np.int64)
B = np.array([[3.0, 0, 0, 0], [-3.0, 0, 0, 0], [9.0, 9.0, 9.0, 9.0]])


def chain(
    b: np.ndarray[tuple[int, int], np.dtype[np.float64]], level: float, *, swap: bool
) -> Running:
    order = np.array([2, 0, 1]) if swap else np.arange(3)
    place = np.argsort(order)
    state = a_state(place[Z].astype(np.int64), b[order], np.array([0, 0, 0]))
    state = dataclasses.replace(state, s2=np.full(3, 0.01))
    averages = Averages.none(3, 4, 80)
    halves = [Moments.none(), Moments.none()]
    for i in range(8):
        averages.add(state)
        halves[i // 4] = halves[i // 4].with_one(level + np.resize([1.0, -1.0], 8)[i] * np.ones(5))
    return Running(16, 16, state, 0.0, state.z, averages, *halves)


def test_chains_that_agree_are_pooled_whatever_their_labels() -> None:
    chains = [chain(B, 0.0, swap=False), chain(B + 0.02, 0.0, swap=True)]

    found = pooled(chains, REGRESSION, Prior(3))

    np.testing.assert_allclose(found.b[:2], B[:2] + 0.01)
    np.testing.assert_allclose(found.deviation[:2], np.full((2, 4), 0.01), rtol=1e-5)
    clear = np.abs(REGRESSION.x[:, 0]) > 0.2  # the others lie on both lines at once
    np.testing.assert_array_equal(found.z[clear], Z[clear])
    np.testing.assert_array_equal(found.pi[2], 0.0)
    np.testing.assert_array_equal(found.positive[2], np.full(4, 0.5))
    assert found.warnings == ()
    np.testing.assert_array_equal(found.together, Z[:, None] == Z)


def test_of_chains_that_differ_the_likelier_is_kept_and_it_says_so() -> None:
    chains = [chain(B, 0.0, swap=False), chain(2.0 * B, 50.0, swap=True)]

    found = pooled(chains, REGRESSION, Prior(3))

    assert sorted(found.b[:, 0]) == [-6.0, 0.0, 6.0]
    assert found.log_likelihood == pytest.approx(50.0)
    assert "the chains differ (R-hat of log_likelihood is" in found.warnings[0]
    assert "only the chain of the highest mean log-likelihood is kept" in found.warnings[0]
    assert found.r_hat["log_likelihood"] > 10.0


def test_a_chain_whose_halves_differ_is_told_to_go_on() -> None:
    one = chain(B, 0.0, swap=False)
    one.second = dataclasses.replace(one.second, mean=one.second.mean + 30.0)

    found = pooled([one], REGRESSION, Prior(3))

    assert found.warnings[0].startswith("the halves of the chain differ (R-hat of")
