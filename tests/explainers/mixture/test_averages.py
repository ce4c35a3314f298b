import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.mixture.fitting.averages import PAIRED_EVERY, Averages
from tests.explainers.mixture.regimes import a_state, bytes_of

Z = np.array([0, 0, 1, 1])
B = np.array([[1.0, -1.0], [2.0, 3.0], [100.0, 100.0]])
NETS = np.array([0, 1, 1])


def test_two_draws_worked_by_hand() -> None:
    found = Averages.none(3, 2, 4)

    found.add(a_state(Z, B, NETS))
    found.add(a_state(Z, -B, np.array([1, 1, 0])))

    assert found.draws == 2
    np.testing.assert_allclose(found.mean, np.zeros((3, 2)), atol=0)
    np.testing.assert_allclose(found.deviation[:2], np.abs(B[:2]), rtol=1e-15)
    np.testing.assert_array_equal(found.b_positive[:2], np.ones((2, 2)))
    np.testing.assert_allclose(found.share / 2, [0.5, 0.5, 0.0], atol=0)
    np.testing.assert_allclose(found.log_l1[:2] / np.log(10.0), [1.0, 2.0], rtol=1e-15)
    np.testing.assert_array_equal(found.same_net, [[2, 1, 0], [1, 2, 0], [0, 0, 0]])


def test_a_draw_of_an_empty_component_says_nothing_of_it() -> None:
    found = Averages.none(3, 2, 4)
    found.add(a_state(Z, B, NETS))
    found.add(a_state(np.zeros(4, dtype=np.int64), 1e9 * B, NETS))

    np.testing.assert_array_equal(found.mean[1], B[1])
    np.testing.assert_array_equal(found.deviation[1], [0.0, 0.0])
    np.testing.assert_array_equal(found.mean[2], [0.0, 0.0])
    np.testing.assert_array_equal(np.diagonal(found.held), [2.0, 1.0, 0.0])


def test_rows_are_paired_every_few_draws() -> None:
    found = Averages.none(2, 2, 4)
    for _ in range(PAIRED_EVERY + 1):
        found.add(a_state(Z, B[:2], NETS[:2]))

    assert found.paired_draws == 2
    np.testing.assert_array_equal(found.together, 2.0 * (Z[:, None] == Z))


def test_pooling_is_adding_in_the_others_order() -> None:
    one, other, both = (Averages.none(3, 2, 4) for _ in range(3))
    order = np.array([1, 0, 2])
    first = a_state(Z, B, NETS)
    second = a_state(1 - Z, B[order], NETS[order])
    one.add(first)
    other.add(second)
    both.add(first)
    both.add(a_state(Z, B, NETS))

    pooled = one.plus(other, order)

    assert pooled.draws == 2
    for name in ("b", "b_squared", "b_positive", "share", "same_net", "held", "log_l1"):
        np.testing.assert_allclose(getattr(pooled, name), getattr(both, name), rtol=1e-15)
    np.testing.assert_array_equal(pooled.rows, one.rows)
    np.testing.assert_array_equal(pooled.together, 2.0 * one.together)


def test_averages_of_other_rows_are_not_pooled() -> None:
    with pytest.raises(FittingError, match=r"over \(3, 2\) coefficients and 4 rows.*\(3, 5\)"):
        Averages.none(3, 2, 4).plus(Averages.none(3, 5, 4), np.arange(3))


def test_they_take_the_same_room_after_one_draw_and_after_fifty() -> None:
    found = Averages.none(3, 2, 4)
    found.add(a_state(Z, B, NETS))
    before = bytes_of(found)
    for _ in range(49):
        found.add(a_state(Z, B, NETS))

    assert bytes_of(found) == before


def test_at_most_a_thousand_rows_are_followed() -> None:
    found = Averages.none(2, 2, 7_000)

    assert found.rows.shape == (1_000,)
    assert found.rows[0] == 0
    assert found.rows[-1] == 6_999
    assert found.together.dtype == np.float32
