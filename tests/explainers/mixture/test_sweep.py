import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import norm

from benchmarks.geweke import Steps
from explainers.errors import FittingError
from explainers.mixture.fitting.drawing import draw_prior
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.posterior import log_posterior
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.sweep import sweep
from tests.explainers.mixture.tiny import WITH, WITHOUT, tiny


def planted(rows: int, features: int) -> tuple[Regression, State]:
    """Draw two regimes, and a draw of the prior to start at."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, features))
    b = np.zeros((2, features))
    b[0, :3], b[1, -3:] = (2.0, -2.0, 1.5), (1.5, 2.0, -2.0)
    z = rng.choice(2, size=rows, p=(0.6, 0.4))
    y = np.einsum("ip,ip->i", x, b[z]) + 0.3 * rng.standard_normal(rows)
    regression = Regression(x, y, intercept=False)
    return regression, draw_prior(Prior(components=4), regression, rng)


def equal(first: State, second: State) -> bool:
    return all(
        np.array_equal(getattr(first, field.name), getattr(second, field.name))
        for field in dataclasses.fields(State)
    )


@pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])
def test_the_same_seed_gives_the_same_sweeps_and_other_seeds_others(prior: Prior) -> None:
    regression, start = tiny(prior)

    def run(seed: int) -> State:
        state, rng = start, np.random.default_rng(seed)
        grams = Grams.of(regression, state.z, 3)
        for _ in range(20):
            state = sweep(state, regression, grams, prior, rng).state
        return state

    assert equal(run(3), run(3))
    assert not equal(run(3), run(4))


@pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])
def test_the_sweep_that_the_broken_ones_are_made_of_is_the_sweep(prior: Prior) -> None:
    regression, start = tiny(prior)

    whole = sweep(
        start, regression, Grams.of(regression, start.z, 3), prior, np.random.default_rng(0)
    )
    parts = Steps()(
        start, regression, Grams.of(regression, start.z, 3), prior, np.random.default_rng(0)
    )

    assert equal(whole.state, parts)


def test_a_sweep_leaves_the_state_that_entered_alone() -> None:
    regression, start = tiny(WITH)
    before = {f.name: np.copy(getattr(start, f.name)) for f in dataclasses.fields(State)}

    sweep(start, regression, Grams.of(regression, start.z, 3), WITH, np.random.default_rng(0))

    assert all(np.array_equal(getattr(start, name), value) for name, value in before.items())


def test_what_comes_with_the_draw_is_computed_from_it() -> None:
    regression, state = tiny(WITHOUT)
    grams, rng = Grams.of(regression, state.z, 3), np.random.default_rng(0)
    for _ in range(30):
        densities = [
            norm.pdf(regression.y, regression.x @ state.b[j], math.sqrt(state.s2[j]))
            for j in range(3)
        ]
        expected = float(np.log(np.exp(state.log_pi) @ np.array(densities)).sum())

        swept = sweep(state, regression, grams, WITHOUT, rng)

        assert swept.log_likelihood == pytest.approx(expected)
        state = swept.state
        assert swept.log_posterior == pytest.approx(
            log_posterior(state, regression, WITHOUT), abs=1e-6
        )


def test_a_chain_from_the_prior_finds_two_planted_regimes() -> None:
    regression, state = planted(rows=400, features=12)
    prior, rng = Prior(components=4), np.random.default_rng(1)
    grams = Grams.of(regression, state.z, 4)

    for _ in range(150):
        state = sweep(state, regression, grams, prior, rng).state

    counts = np.bincount(state.z, minlength=4)
    assert sorted(counts.tolist())[-2] > 120
    assert counts.max() > 200
    largest = state.b[counts.argmax()]
    np.testing.assert_allclose(largest[:3], (2.0, -2.0, 1.5), atol=0.15)
    assert np.sqrt(state.s2[counts.argmax()]) == pytest.approx(0.3, abs=0.1)


def test_all_pixels_of_an_image_are_swept_without_a_warning() -> None:
    # Warnings are errors in this suite.
    regression, state = planted(rows=300, features=784)
    x = np.maximum(regression.x, 0.0)
    x[:, :100] = 0.0  # pixels that are always black
    regression = Regression(x, regression.y, intercept=False)
    prior, rng = Prior(components=4), np.random.default_rng(0)
    grams = Grams.of(regression, state.z, 4)

    for _ in range(5):
        state = sweep(state, regression, grams, prior, rng).state

    assert np.all(np.isfinite(state.b))
    assert np.all((state.tau > 0.0) & (state.tau < 1.0))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("b", "log-likelihood must be a number"),
        ("s2", "log-likelihood must be a number"),
        ("tau", "must be finite"),
        ("l1", "must be a number"),
        ("l2", "must be finite"),
    ],
)
def test_a_nan_anywhere_is_an_error(field: str, message: str) -> None:
    regression, start = tiny(WITHOUT)
    value = getattr(start, field).copy()
    value.flat[0] = math.nan
    broken = dataclasses.replace(start, **{field: value})

    with pytest.raises(FittingError, match=message):
        sweep(
            broken,
            regression,
            Grams.of(regression, start.z, 3),
            WITHOUT,
            np.random.default_rng(0),
        )
