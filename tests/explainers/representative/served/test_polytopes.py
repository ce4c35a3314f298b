import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import BoolArray, FloatArray
from explainers.representative.served.polytopes import WITNESSES, Polytopes
from tests.explainers.graph_heads import numbers_of
from tests.explainers.representative.served.worked import POINT, seen, single, worked

SHAPES = worked().polytopes


def naive(polytopes: Polytopes, points: FloatArray, least_depth: float) -> BoolArray:
    """Every facet of every polytope at every point, in float64."""
    found = np.ones((len(points), len(polytopes)), dtype=np.bool_)
    for polytope in range(len(polytopes)):
        for facet in range(int(polytopes.starts[polytope]), int(polytopes.starts[polytope + 1])):
            normal = polytopes.normals[facet].astype(np.float64)
            for row, point in enumerate(points):
                value = normal @ point.astype(np.float64) + float(polytopes.offsets[facet])
                found[row, polytope] &= bool(value > least_depth)
    return found


def random_polytopes(rng: np.random.Generator, units: int, polytopes: int) -> Polytopes:
    counts = rng.integers(1, 12, polytopes)
    normals = rng.normal(size=(int(counts.sum()), units))
    return Polytopes(
        single(normals / np.linalg.norm(normals, axis=1, keepdims=True)),
        single(rng.uniform(0.2, 3.0, len(normals))),
        np.concatenate([[0], np.cumsum(counts)]),
    )


@pytest.mark.parametrize(
    ("point", "depths"),
    [
        (POINT, [0.75, 0.25, -2.25]),
        ((0, 0), [2.0, -1.0, -1.0]),
        ((2, 0), [0.0, 1.0, -3.0]),
        # On the side x = 1 of the triangle, and outside the square by 0.25.
        ((1, 2.25), [-0.25, 0.0, -2.0]),
        ((-5, 1), [-3.0, -6.0, 4.0]),
        # Beyond two sides at a corner it is the farther one that counts.
        ((3, 4), [-2.0, -2.0, -4.0]),
    ],
)
def test_depths_worked_by_hand(point: tuple[float, float], depths: list[float]) -> None:
    # Coordinates of a few bits; only 0.6 and 0.8 are rounded in float32.
    np.testing.assert_allclose(SHAPES.depths(single(point)), depths, rtol=0, atol=1e-6)
    np.testing.assert_allclose(SHAPES.depths_exactly(single(point)), depths, rtol=0, atol=1e-6)


def test_many_points_are_tested_as_one_by_one() -> None:
    points = single(np.random.default_rng(0).uniform(-4, 4, (50, 2)))

    together = SHAPES.depths(points)

    assert together.shape == (50, 3)
    # The sums may run in another order.
    np.testing.assert_allclose(together, [SHAPES.depths(p) for p in points], rtol=0, atol=1e-6)


def test_a_point_on_a_side_is_not_inside() -> None:
    inside = SHAPES.members(single([[2, 0], [0, -2], [1, 0], [-1, 0]]))

    assert inside.tolist() == [
        [False, True, False],
        [False, False, False],
        [True, False, False],
        [True, False, False],
    ]


@given(
    seed=st.integers(0, 10_000),
    units=st.integers(1, 20),
    count=st.integers(1, 12),
    least=st.sampled_from([0.0, 0.125, 0.7]),
)
def test_members_are_those_in_float64(seed: int, units: int, count: int, least: float) -> None:
    rng = np.random.default_rng(seed)
    polytopes = random_polytopes(rng, units, count)
    points = single(rng.normal(size=(40, units)))
    # Half of the points are put beside a facet, or beside that depth, by less than float32 tells.
    for row in range(0, 40, 2):
        facet = rng.integers(len(polytopes.normals))
        normal = polytopes.normals[facet].astype(np.float64)
        away = normal @ points[row] + float(polytopes.offsets[facet]) - least
        points[row] = single(points[row] - (away + rng.normal() * 1e-7) * normal)

    members = polytopes.members(points, least)

    np.testing.assert_array_equal(members, naive(polytopes, points, least))


def test_a_point_that_float32_puts_on_the_wrong_side_is_put_right() -> None:
    rng = np.random.default_rng(3)
    polytopes = random_polytopes(rng, 30, 1)
    facet = polytopes.normals[0].astype(np.float64)
    one_sided = Polytopes(polytopes.normals[:1], polytopes.offsets[:1], np.array([0, 1]))
    points = single(rng.normal(size=(500, 30)))
    value = points @ facet + float(polytopes.offsets[0])
    points = single(points - value[:, None] * facet)  # on the facet, but for rounding

    careless = one_sided.depths(points) > 0

    exactly = naive(one_sided, points, 0.0)
    assert (careless != exactly).any()
    np.testing.assert_array_equal(one_sided.members(points), exactly)


@given(seed=st.integers(0, 10_000), units=st.integers(1, 20), count=st.integers(1, 12))
def test_no_polytope_is_deeper_than_its_bound(seed: int, units: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    polytopes = random_polytopes(rng, units, count)
    few = np.diff(polytopes.starts) <= WITNESSES
    for point in single(rng.normal(size=(10, units))):
        bounds, depths = np.array(polytopes.bounds(point)), polytopes.depths(point)

        # float32 sums in another order.
        assert (bounds > depths - 1e-5).all()
        np.testing.assert_allclose(bounds[few], depths[few], rtol=0, atol=1e-5)


def test_the_first_facets_of_a_polytope_are_the_ones_that_bound_it() -> None:
    # Eight half-planes x < 8, x < 7, ..., x < 1: the sixth is the last one asked.
    polytopes = Polytopes(single([[-1]] * 8), single(range(8, 0, -1)), np.array([0, 8]))

    assert WITNESSES == 6
    assert polytopes.bounds(single([0])) == [3.0]
    assert polytopes.depths(single([0])).tolist() == [1.0]


@pytest.mark.parametrize("count", [1, 2, 3, 11, 40])
def test_the_graph_computes_the_bounds_however_many_facets_each_has(count: int) -> None:
    rng = np.random.default_rng(count)
    polytopes = random_polytopes(rng, 7, count)
    assert len(set(np.diff(polytopes.starts).tolist())) > 1 or count < 3
    for point in rng.normal(size=(5, 7)):
        image = seen(point)

        numbers = numbers_of(polytopes.head("representative"), image)

        assert image.boundary is not None
        # float32 sums in another order.
        np.testing.assert_allclose(numbers, polytopes.bounds(image.boundary), rtol=0, atol=1e-5)


def test_the_facets_of_a_polytope_are_its_own() -> None:
    assert len(SHAPES) == 3
    assert [SHAPES.facets(place) for place in range(3)] == [slice(0, 4), slice(4, 7), slice(7, 8)]
