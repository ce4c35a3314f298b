import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explainers.mixture.fitting.relabelling import closest_order, overlaps, relabelled
from tests.explainers.mixture.regimes import a_state


def test_overlaps_worked_by_hand() -> None:
    reference = np.array([0, 0, 1, 1, 2])
    z = np.array([1, 1, 0, 1, 2])

    np.testing.assert_array_equal(overlaps(reference, z, 3), [[0, 2, 0], [1, 1, 0], [0, 0, 1]])


def test_the_hungarian_method_beats_taking_the_largest_overlap_first() -> None:
    # Reference 0 shares 3 rows with draw 0 and 2 with draw 1; reference 1 shares 2 with draw 0
    # and none with draw 1. Greedy keeps 3 + 0 rows, the best naming 2 + 2.
    reference = np.array([0, 0, 0, 0, 0, 1, 1])
    z = np.array([0, 0, 0, 1, 1, 0, 0])

    np.testing.assert_array_equal(closest_order(reference, z, 2), [1, 0])


@given(
    st.lists(st.integers(0, 3), min_size=40, max_size=40),
    st.permutations(range(4)),
)
def test_a_permuted_draw_gets_its_labels_back(labels: list[int], names: list[int]) -> None:
    reference = np.array([0, 1, 2, 3, *labels])
    z = np.array(names)[reference]
    b = np.arange(8.0).reshape(4, 2)
    drawn = a_state(z, b[np.argsort(names)], np.argsort(names))

    back = relabelled(drawn, closest_order(reference, z, 4))

    np.testing.assert_array_equal(back.z, reference)
    np.testing.assert_array_equal(back.b, b)
    np.testing.assert_array_equal(back.c, np.arange(4))


def test_everything_with_components_moves_along_and_the_nets_stay() -> None:
    drawn = a_state(np.array([0, 1, 2]), np.arange(6.0).reshape(3, 2), np.array([0, 1, 1]))

    moved = relabelled(drawn, np.array([2, 0, 1]))

    np.testing.assert_array_equal(moved.z, [1, 2, 0])
    np.testing.assert_array_equal(moved.b, [[4.0, 5.0], [0.0, 1.0], [2.0, 3.0]])
    np.testing.assert_array_equal(moved.s2, [3.0, 1.0, 2.0])
    np.testing.assert_array_equal(moved.c, [1, 0, 1])
    np.testing.assert_array_equal(moved.log_pi, drawn.log_pi[[2, 0, 1]])
    np.testing.assert_array_equal(moved.tau, drawn.tau[[2, 0, 1]])
    np.testing.assert_array_equal(moved.l1, drawn.l1)
