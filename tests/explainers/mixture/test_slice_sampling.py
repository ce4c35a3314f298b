import math

import numpy as np
import pytest
from scipy.stats import kstest

from explainers.errors import FittingError
from explainers.mixture.fitting.slice_sampling import draw_slice


@pytest.mark.parametrize("scale", [0.01, 0.3, 1.0, 10.0])
def test_it_leaves_a_normal_as_it_is(scale: float) -> None:
    rng = np.random.default_rng(0)
    draws, x = [], 0.0
    for _ in range(6_000):
        x = draw_slice("x", lambda at: -0.5 * (at / scale) ** 2, x, rng)
        draws.append(x)

    # Every fifth draw: apart from the widest, for which a step of 1 is short, all but independent.
    assert kstest(draws[::5], "norm", args=(0.0, scale)).pvalue > 0.01


def test_it_leaves_a_skewed_density_with_an_edge_as_it_is() -> None:
    rng = np.random.default_rng(1)
    draws, x = [], 1.0
    for _ in range(4_000):
        x = draw_slice("x", lambda at: -at if at > 0.0 else -math.inf, x, rng)
        draws.append(x)

    assert kstest(draws[::4], "expon").pvalue > 0.01


def test_a_nan_is_an_error_and_never_a_rejection() -> None:
    with pytest.raises(FittingError, match="log density of log s2 must be a number, but is nan"):
        draw_slice("log s2", lambda _: math.nan, 0.0, np.random.default_rng(0))
    with pytest.raises(FittingError, match="must be a number, but is nan at 1"):
        draw_slice(
            "x", lambda at: math.nan if at > 1.0 else -at * at, 0.9, np.random.default_rng(0)
        )


@pytest.mark.parametrize("target", [math.exp, lambda at: math.log(at - 700.0)])
def test_what_cannot_be_computed_is_an_error(target: object) -> None:
    with pytest.raises(FittingError, match="log density of x cannot be computed at"):
        draw_slice("x", target, 750.0 if target is math.exp else 0.0, np.random.default_rng(0))  # type: ignore[arg-type]  # a union of callables


def test_a_start_outside_the_support_is_an_error() -> None:
    with pytest.raises(FittingError, match="density of x must be positive at its start, 2"):
        draw_slice("x", lambda _: -math.inf, 2.0, np.random.default_rng(0))


@pytest.mark.parametrize("slope", [0.0, 1e-9, -1e-9])
def test_a_density_without_an_integral_is_an_error(slope: float) -> None:
    with pytest.raises(FittingError, match=r"slice of log l1 .* must fall off on both sides"):
        draw_slice("log l1", lambda at: slope * at, 0.0, np.random.default_rng(0))


def test_a_density_that_changes_is_an_error() -> None:
    values = iter([0.0])

    with pytest.raises(FittingError, match=r"as its start, 2\.0, after 200 trials ever nearer"):
        draw_slice("x", lambda _: next(values, -9e9), 2.0, np.random.default_rng(0))


def test_it_leaves_two_pieces_a_step_apart_as_they_are() -> None:
    rng = np.random.default_rng(2)
    draws, x = [], 0.1
    for _ in range(20_000):
        x = draw_slice(
            "x", lambda at: 0.0 if 0.0 < at < 0.4 or 1.2 < at < 2.4 else -math.inf, x, rng
        )
        draws.append(x)

    assert np.mean(np.array(draws) < 1.0) == pytest.approx(0.25, abs=0.03)


def test_a_start_far_below_the_mode_of_a_slow_tail_is_no_error() -> None:
    # As log l1 has it after s2 fell: slope 1 to the left, and a start 600 below the mode.
    def log_target(x: float) -> float:
        return x - 600.0 * math.exp(x - 5.0)

    assert log_target(5.0) < log_target(-1.4) - 500.0
    for seed in range(20):
        assert draw_slice("log l1", log_target, 5.0, np.random.default_rng(seed)) < 5.1
