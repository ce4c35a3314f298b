import numpy as np
import pytest

from explainers.fitting_contract import silent
from explainers.mixture.fitting.chain import Plan
from explainers.mixture.fitting.chains import Task, preview_all, sample_all
from explainers.mixture.fitting.merging import merged
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.served.words import NO_STRUCTURE
from tests.explainers.mixture.regimes import nothing


def null(seed: int, *, intercept: bool) -> Task:
    prior = Prior(6, intercept=100.0 * intercept)
    return Task("null", nothing(seed, intercept=intercept), prior, (Plan(seed, 0, 500, "prior"),))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("intercept", [False, True], ids=["plain", "intercept"])
def test_noise_has_no_linear_structure(seed: int, intercept: bool) -> None:  # noqa: FBT001  a case
    task = null(seed, intercept=intercept)

    (found,) = sample_all([task], 1, silent)

    largest = np.argmax(found.shares)
    assert np.mean(~found.certain[largest, :40]) >= 0.9
    one = merged(found, task.regression)
    assert len(one.posterior.b) == 1
    assert one.verdict == NO_STRUCTURE


@pytest.mark.parametrize("seed", [0, 1])
def test_nor_does_the_preview_see_any(seed: int) -> None:
    task = null(seed, intercept=True)

    assert merged(preview_all([task], 1, silent)[0], task.regression).verdict == NO_STRUCTURE
