import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import FloatArray, IntArray
from explainers.meta_forest.served.margins import ClassDistances, margins
from tests.explainers.graph_heads import numbers_of
from tests.explainers.meta_forest.worked import CENTROIDS, ROW, seen

STARTS = np.array([0, 2, 3])


def worked_distances() -> ClassDistances:
    return ClassDistances(np.array(CENTROIDS, dtype=np.float32), STARTS)


def test_distances_worked_by_hand() -> None:
    found = worked_distances()
    hidden = np.array(ROW, dtype=np.float32)

    assert found.closest(hidden) == ([5.0, 12.0, 10.0], [0, 2, 3])
    squared = found.squared_many(hidden[None])
    np.testing.assert_array_equal(squared, [[25, 169, 144, 100, 225, 225]])
    np.testing.assert_array_equal(found.per_class(squared), [[5, 12, 10]])


def test_the_first_of_two_equally_near_clusters_is_taken() -> None:
    found = ClassDistances(np.array([[0], [2], [9]], dtype=np.float32), np.array([0, 2]))

    assert found.closest(np.array([1.0], dtype=np.float32)) == ([1.0, 8.0], [0, 2])


def test_margins_worked_by_hand() -> None:
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    distances = np.array([[5, 12, 10], [1, 1, 4]], dtype=np.float32)

    np.testing.assert_array_equal(margins(distances, first, second), [[-7, -5, 2], [0, -3, -3]])


def brute(hidden: FloatArray, centroids: FloatArray, starts: IntArray) -> list[tuple[float, int]]:
    """Per class the distance to its nearest cluster, and that cluster, in float64."""
    gaps = centroids.astype(np.float64) - hidden.astype(np.float64)
    squared = (gaps**2).sum(axis=1)
    ends = [*starts[1:].tolist(), len(centroids)]
    owns = [range(a, b) for a, b in zip(starts.tolist(), ends, strict=True)]
    return [min((float(np.sqrt(squared[c])), c) for c in own) for own in owns]


@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    units=st.integers(1, 40),
)
def test_any_clusters_give_the_distances_of_brute_force(
    seed: int, sizes: list[int], units: int
) -> None:
    rng = np.random.default_rng(seed)
    centroids = rng.normal(size=(sum(sizes), units)).astype(np.float32)
    hidden = rng.normal(size=(3, units)).astype(np.float32)
    starts = np.cumsum([0, *sizes[:-1]])
    found = ClassDistances(centroids, starts)

    together = found.per_class(found.squared_many(hidden))
    for row, many in zip(hidden, together, strict=True):
        alone, clusters = found.closest(row)
        expected = brute(row, centroids, starts)
        distances = [distance for distance, _ in expected]
        # The expanded square cancels, so the squares are good to 1e-5 of their size.
        np.testing.assert_allclose(alone, distances, rtol=1e-3, atol=2e-3)
        np.testing.assert_allclose(many, distances, rtol=1e-3, atol=2e-3)
        assert clusters == [cluster for _, cluster in expected]


@pytest.mark.parametrize("twice", [0, 4])
def test_even_and_uneven_classes_take_different_routes_to_one_answer(twice: int) -> None:
    rng = np.random.default_rng(0)
    centroids = rng.normal(size=(6, 5)).astype(np.float32)
    hidden = rng.normal(size=(20, 5)).astype(np.float32)
    even = ClassDistances(centroids, np.array([0, 3]))
    order = sorted([*range(6), twice])
    uneven = ClassDistances(centroids[order], np.array([0, 4 if twice == 0 else 3]))

    # The order of sums may show in the last digits.
    np.testing.assert_allclose(
        uneven.per_class(uneven.squared_many(hidden)),
        even.per_class(even.squared_many(hidden)),
        rtol=1e-5,
    )
    for row in hidden:
        found, clusters = uneven.closest(row)
        expected, others = even.closest(row)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
        assert [order[cluster] for cluster in clusters] == others


def test_an_image_on_its_centroid_is_zero_away() -> None:
    found = worked_distances()
    row = np.array(CENTROIDS[1], dtype=np.float32)

    assert found.closest(row)[0][0] == 0.0
    assert found.per_class(found.squared_many(row[None]))[0, 0] == 0.0


def test_the_graph_computes_only_even_classes() -> None:
    assert worked_distances().head("trace") is None


def test_what_the_graph_computed_is_read_as_what_numpy_computes() -> None:
    rng = np.random.default_rng(0)
    found = ClassDistances(rng.normal(size=(12, 5)).astype(np.float32), np.array([0, 4, 8]))
    head = found.head("trace")
    assert head is not None

    for hidden in rng.normal(size=(20, 5)):
        read = found.read(numbers_of(head, seen(hidden)))
        assert read is not None
        distances, clusters = read
        expected, others = found.closest(hidden.astype(np.float32))
        np.testing.assert_allclose(distances, expected, rtol=1e-5)  # the order of sums
        assert clusters == others


@pytest.mark.parametrize("place", [-1.0, 2.0, 1e9])
def test_a_graph_that_names_a_cluster_of_another_class_is_not_believed(place: float) -> None:
    found = ClassDistances(np.zeros((4, 1), dtype=np.float32), np.array([0, 2]))

    assert found.read([1.0, 4.0, 0.0, 1.0, 0.0]) == ([1.0, 2.0], [0, 3])
    assert found.read([1.0, 4.0, 0.0, place, 0.0]) is None
