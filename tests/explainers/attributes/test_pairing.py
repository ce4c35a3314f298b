import numpy as np

from explainers.attributes.fitting.measuring import Passed
from explainers.attributes.fitting.pairing import MOST_PAIRS, find_pairs


def passed(phi: np.ndarray, g: list[int], f: list[int], classes: int) -> Passed:
    eye = np.eye(classes, dtype=np.float32)
    return Passed(
        phi=phi.astype(np.float32),
        f_logits=eye[f],
        g_logits=eye[g],
        errors=np.zeros(len(g), np.float32),
        labels=np.array(g),
    )


def test_pairs_lead_ten_images_or_are_relevant_on_the_mean() -> None:
    phi = np.array([[2.0, 0.5]] * 12 + [[0.0, 1.0]] * 3 + [[1.0, 3.0]])
    g = [0] * 12 + [1] * 4

    found = find_pairs(
        passed(phi, g, g, 2), np.ones((2, 2), np.float32), np.array([True, True]), 0.2
    )

    # Class 0 is led by attribute 0, where attribute 1 has a quarter; class 1 by attribute 1.
    assert found.pairs.tolist() == [[0, 0], [0, 1], [1, 1]]
    assert found.images.tolist() == [12, 0, 4]
    assert found.leading.tolist() == [0] * 12 + [1] * 4
    np.testing.assert_allclose(found.table, [[1.0, 0.25], [1 / 12, 1.0]])


def test_images_where_f_and_g_part_do_not_count_for_the_table() -> None:
    phi = np.array([[1.0, 0.0], [0.0, 1.0]])

    found = find_pairs(
        passed(phi, [0, 0], [0, 1], 2), np.ones((2, 2), np.float32), np.array([True, True]), 0.2
    )

    np.testing.assert_array_equal(found.table[0], [1.0, 0.0])


def test_a_dead_attribute_is_in_no_pair() -> None:
    phi = np.array([[1.0, 0.9]] * 12)

    found = find_pairs(
        passed(phi, [0] * 12, [0] * 12, 2),
        np.ones((2, 2), np.float32),
        np.array([True, False]),
        0.2,
    )

    assert found.pairs.tolist() == [[0, 0]]


def test_without_any_positive_relevance_there_is_still_one_pair() -> None:
    phi = np.array([[1.0, 0.5]])

    found = find_pairs(
        passed(phi, [0], [0], 2), -np.ones((2, 2), np.float32), np.array([True, True]), 0.2
    )

    assert found.leading.tolist() == [-1]
    assert (found.pairs.tolist(), found.images.tolist()) == ([[0, 0]], [0])


def test_of_too_many_pairs_those_with_most_images_are_kept() -> None:
    classes = MOST_PAIRS + 5
    counts = [10] * 5 + [11] * MOST_PAIRS
    g = np.repeat(np.arange(classes), counts).tolist()

    found = find_pairs(
        passed(np.ones((len(g), 1)), g, g, classes),
        np.ones((classes, 1), np.float32),
        np.array([True]),
        0.2,
    )

    assert found.pairs[:, 0].tolist() == list(range(5, classes))
