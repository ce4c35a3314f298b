import numpy as np
import pytest

from benchmarks.planted_regimes import find
from explainers.fitting_contract import silent
from explainers.mixture.fitting.chain import Plan
from explainers.mixture.fitting.chains import Task, sample_all
from explainers.mixture.fitting.merging import merged
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.summary import assigned_rmse, predictive_rmse
from tests.explainers.mixture.regimes import piecewise, two_nets


def test_three_regimes_are_found_from_prior_draws() -> None:
    for found in find(sweeps=600):
        assert found.occupied == 3
        assert found.ari_gap <= 0.02
        assert found.support_auc >= 0.99
        assert found.coefficient_error <= 0.05
        assert 0.25 <= found.assigned_rmse <= 0.30


@pytest.mark.parametrize("seed", [0, 1])
def test_a_sparse_and_a_dense_regime_use_different_nets(seed: int) -> None:
    task = Task("nets", two_nets(seed), Prior(4), (Plan(seed, 0, 500),))

    found = merged(sample_all([task], 1, silent)[0], task.regression).posterior

    large = (np.abs(found.b) > 0.2).sum(axis=1)
    sparse, dense = np.argsort(large)
    assert len(large) == 2
    assert found.same_net[sparse, dense] <= 0.05
    assert found.l1[sparse] >= 5.0 * found.l1[dense]
    assert found.l2[dense] >= 5.0 * found.l2[sparse]
    assert large[sparse] == 4


def test_piecewise_in_x_is_assigned_well_and_predicted_badly() -> None:
    rng = np.random.default_rng(0)
    b = np.zeros((2, 30))
    b[0, [3, 8, 13, 21]] = (3.0, -4.0, 2.4, 3.6)
    b[1, [1, 8, 17, 26]] = (-3.2, 2.8, 4.0, -2.6)
    train = piecewise(rng.standard_normal((2_000, 30)), b, rng)
    test = piecewise(rng.standard_normal((1_000, 30)), b, rng)

    (found,) = sample_all([Task("x", train, Prior(6), (Plan(0, 0, 400, "prior"),))], 1, silent)

    z = np.argmax(-((test.y[:, None] - test.x @ found.b.T) ** 2), axis=1)
    assert assigned_rmse(test, found) <= 0.11
    assert predictive_rmse(test, found) > 1.5
    own = np.sort(np.argsort(-np.abs(found.b[z]), axis=1)[:, :4], axis=1)
    truth = np.where(test.x[:, :1] > 0.0, [[1, 8, 17, 26]], [[3, 8, 13, 21]])
    assert np.mean(np.all(own == truth, axis=1)) >= 0.97
