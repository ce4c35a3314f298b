import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.mixture.fitting.convergence import (
    LARGEST_R_HAT,
    STATISTICS,
    Moments,
    split_r_hat,
    statistics_of,
    worst,
)
from explainers.mixture.fitting.relabelling import relabelled
from tests.explainers.mixture.regimes import a_state


def moments(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Moments:
    found = Moments.none(rows.shape[1])
    for row in rows:
        found = found.with_one(row)
    return found


def test_running_moments_are_those_of_all_rows_at_once() -> None:
    rows = 1e8 + np.random.default_rng(0).standard_normal((50, 5))

    found = moments(rows)

    np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=1e-15)
    # 1e8 leaves eight digits of the deviations.
    np.testing.assert_allclose(found.squares / 49, rows.var(axis=0, ddof=1), rtol=1e-6)


def test_r_hat_worked_by_hand() -> None:
    # Halves (1, 3) and (5, 7): W = 2, means 2 and 6, B / n = 8, n = 2, so the square is
    # 1/2 + 8/2.
    one = moments(np.repeat([[1.0], [3.0]], 5, axis=1))
    other = moments(np.repeat([[5.0], [7.0]], 5, axis=1))

    found = split_r_hat([one, other])

    assert found == pytest.approx(dict.fromkeys(STATISTICS, 4.5**0.5))


def test_what_never_moves_agrees_and_what_differs_for_good_does_not() -> None:
    still = moments(np.full((4, 5), 3.0))
    elsewhere = moments(np.full((4, 5), 4.0))

    assert set(split_r_hat([still, still]).values()) == {1.0}
    assert set(split_r_hat([still, elsewhere]).values()) == {LARGEST_R_HAT}


def test_chains_of_one_distribution_agree() -> None:
    rng = np.random.default_rng(1)

    found = split_r_hat([moments(rng.standard_normal((400, 5))) for _ in range(4)])

    assert worst(found) < 1.02
    assert worst({}) == 0.0


def test_alpha_is_reported_and_does_not_decide() -> None:
    assert worst(dict.fromkeys(STATISTICS, 1.0) | {"alpha": 9.0}) == 1.0


def test_the_statistics_do_not_see_labels() -> None:
    z = np.array([0, 0, 1, 2, 2, 2])
    state = a_state(z, np.random.default_rng(0).standard_normal((3, 4)), np.array([0, 1, 1]))

    moved = relabelled(state, np.array([2, 0, 1]))

    np.testing.assert_allclose(statistics_of(moved, -3.0), statistics_of(state, -3.0), rtol=1e-14)


def test_the_statistics_worked_by_hand() -> None:
    state = a_state(np.array([0, 1, 1, 1]), np.array([[3.0, 4.0], [0.0, 1.0]]), np.array([0, 0]))

    found = statistics_of(state, -7.0)

    np.testing.assert_allclose(found, [-7.0, 2.0, 0.75 * np.log(2.0), 2.0, 1.0], rtol=1e-15)


def test_too_few_or_unequal_halves_are_refused() -> None:
    some = moments(np.zeros((3, 5)))
    with pytest.raises(FittingError, match=r"two halves or more.*got \[3\]: raise the number"):
        split_r_hat([some])
    with pytest.raises(FittingError, match=r"got \[3, 0\]"):
        split_r_hat([some, Moments.none()])
