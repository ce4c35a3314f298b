import numpy as np
import pytest

from benchmarks.geweke import (
    INTERCEPT,
    NAMES,
    PAPER,
    Steps,
    Transition,
    penalties_without_normalisers,
    penalties_without_priors,
    proper,
    variances_of_a_wrong_shape,
    variances_without_intercepts,
    z_scores,
)
from explainers.errors import FittingError
from explainers.mixture.fitting.prior import Prior


def largest(transition: Transition, prior: Prior, sweeps: int, seed: int) -> float:
    scores = z_scores(transition, prior, sweeps, np.random.default_rng(seed))
    assert list(scores) == list(NAMES)
    assert np.all(np.isfinite(list(scores.values())))
    return max(abs(score) for score in scores.values())


@pytest.mark.slow
def test_the_sampler_draws_from_the_model() -> None:
    assert largest(proper, PAPER, 12_000, seed=0) < 3.0


@pytest.mark.slow
def test_the_sampler_draws_from_the_model_with_an_intercept() -> None:
    assert largest(proper, INTERCEPT, 6_000, seed=0) < 3.0


@pytest.mark.parametrize(
    ("broken", "sweeps"),
    [
        (Steps(variances=variances_of_a_wrong_shape), 600),
        (Steps(variances=variances_without_intercepts), 1_800),
        (Steps(penalties=penalties_without_normalisers), 600),
    ],
    ids=["step 5: shape", "step 5: intercept", "step 7: log Z"],
)
def test_a_broken_step_is_seen(broken: Transition, sweeps: int) -> None:
    assert largest(broken, INTERCEPT, sweeps, seed=0) > 4.0


def test_penalties_without_priors_have_no_distribution_to_draw_from() -> None:
    with pytest.raises(FittingError, match="its density must fall off on both sides"):
        largest(Steps(penalties=penalties_without_priors), INTERCEPT, 600, seed=0)
