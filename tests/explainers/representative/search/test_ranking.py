import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explainers.representative.served.search import rank_similar, semantic_distance


def test_the_distance_worked_by_hand() -> None:
    # <W, u> is (1, 0) at the point and (3, -4) at the other: |1 - 3| + |0 + 4| = 6.
    normals = np.array([[1.0, 0.0], [0.0, 2.0]])

    found = semantic_distance(normals, np.array([1.0, 0.0]), np.array([[3.0, -2.0], [1.0, 0.0]]))

    np.testing.assert_allclose(found, [6.0, 0.0], rtol=0, atol=1e-12)


@given(st.integers(0, 10_000))
def test_only_what_is_inside_is_ranked_nearest_first_as_a_double_loop_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normals, point, others = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=(40, 6))
    offsets = 1.0 - normals @ point
    others[0] = point

    positions, distances = rank_similar(normals, offsets, point, others)

    expected = {}
    for position, other in enumerate(others):
        if all(normals[h] @ other + offsets[h] > 0 for h in range(4)):
            sums = [abs(normals[h] @ point - normals[h] @ other) for h in range(4)]
            expected[position] = sum(sums)
    assert set(positions.tolist()) == set(expected)
    assert positions[0] == 0
    assert distances[0] == 0.0
    assert (np.diff(distances) >= 0.0).all()
    np.testing.assert_allclose(distances, [expected[p] for p in positions], rtol=0, atol=1e-5)


@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_the_order_does_not_change_with_the_scale_of_all_normals(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    normals, point, others = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=(40, 6))
    offsets = 1.0 - normals @ point

    plain, distances = rank_similar(normals, offsets, point, others)
    scaled, longer = rank_similar(normals * scale, offsets * scale, point, others)

    np.testing.assert_array_equal(plain, scaled)
    np.testing.assert_allclose(longer, distances * scale, rtol=1e-9)


def test_equal_distances_stay_in_their_order() -> None:
    others = np.array([[2.0, 5.0], [0.5, 0.0], [2.0, -5.0], [2.0, 0.0]])

    positions, _ = rank_similar(np.array([[1.0, 0.0]]), np.zeros(1), np.ones(2), others)

    many, _ = rank_similar(
        np.array([[1.0, 0.0]]), np.zeros(1), np.ones(2), np.tile(others, (50, 1))
    )
    assert positions.tolist() == [1, 0, 2, 3]
    assert many[:50].tolist() == list(range(1, 200, 4))
    assert (np.diff(many[50:]) > 0).all()


def test_without_facets_everything_is_inside_at_no_distance() -> None:
    positions, distances = rank_similar(
        np.zeros((0, 2)), np.zeros(0), np.ones(2), np.array([[2.0, 5.0], [0.5, 0.0]])
    )

    assert positions.tolist() == [0, 1]
    assert distances.tolist() == [0.0, 0.0]
