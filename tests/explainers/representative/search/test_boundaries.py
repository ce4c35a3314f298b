import numpy as np
import pytest

from explainers.representative.served.search import DenseTail, Seed, sample_boundaries
from explainers.representative.served.search.boundaries import MOST_STEPS
from tests.explainers.representative.planted import (
    boundaries_of,
    half_plane,
    random_tail,
    references_of,
)


@pytest.mark.parametrize("weight", [0.9, 0.5])
@pytest.mark.parametrize("widths", [(8, 5), (8, 10, 6, 4)])
def test_each_boundary_is_the_networks_own_where_its_search_ended(
    widths: tuple[int, ...], weight: float
) -> None:
    rng = np.random.default_rng(3)
    tail = random_tail(rng, widths)
    references = references_of(tail, rng, 200)
    seed = Seed(references.points[0].astype(np.float64), int(references.predicted[0]))
    negatives = references.points[references.predicted != seed.predicted]

    sampled = sample_boundaries(tail, seed, negatives, weight)

    found = sampled.boundaries
    logits = tail.logits(sampled.crossings)
    rows = np.arange(len(found))
    lead = logits[rows, found.first] - logits[rows, found.second]
    signs = np.where(found.flipped, -1.0, 1.0)
    assert len(found) + sampled.failed == len(negatives)
    assert sampled.failed == 0
    assert (found.first == seed.predicted).all()
    assert (logits.argmax(axis=1) == seed.predicted).all()
    assert (np.sort(logits, axis=1)[:, -2] == logits[rows, found.second]).all()
    assert (lead**2 < 1e-5).all()
    values = np.einsum("bu,bu->b", found.normals, sampled.crossings) + found.offsets
    np.testing.assert_allclose(signs * values, lead, rtol=0, atol=1e-10)
    assert (found.values(seed.point[None]) > 0.0).all()


def test_the_cautious_search_takes_more_steps_and_finds_the_first_crossing() -> None:
    # Class 0 at -1, class 1 from 0 to 1, class 0 from 1 to 2, class 1 beyond: on the way from
    # -1 to 3 half the way is the second region of class 0, so bisection misses the first.
    tail = DenseTail(
        weights=(np.ones((3, 1)), np.array([[-1.0, 2.0, -2.0], [0.0, 0.0, 0.0]])),
        biases=(np.array([10.0, -0.5, -1.5]), np.array([10.0, 0.0])),
        slopes=(1.0, 0.0),
    )
    seed, negatives = Seed(np.array([-1.0]), 0), np.array([[3.2]], dtype=np.float32)

    cautious = sample_boundaries(tail, seed, negatives, 0.9)
    bisecting = sample_boundaries(tail, seed, negatives, 0.5)

    np.testing.assert_allclose(cautious.crossings, [[0.0]], rtol=0, atol=0.01)
    np.testing.assert_allclose(bisecting.crossings, [[2.0]], rtol=0, atol=0.01)
    assert cautious.steps > bisecting.steps


def test_a_search_among_points_of_the_own_class_fails() -> None:
    negatives = np.array([[5.0, 0.0], [-5.0, 0.0]], dtype=np.float32)

    sampled = sample_boundaries(half_plane(), Seed(np.array([1.0, 0.0]), 0), negatives, 0.9)

    assert (len(sampled.boundaries), sampled.failed) == (1, 1)
    assert sampled.steps > MOST_STEPS
    np.testing.assert_allclose(sampled.boundaries.normals, [[2.0, 0.0]])
    assert sampled.boundaries.second.tolist() == [1]


def test_no_search_brings_no_boundary() -> None:
    seed = Seed(np.array([1.0, 0.0]), 0)

    sampled = sample_boundaries(half_plane(), seed, np.zeros((0, 2), dtype=np.float32), 0.9)

    assert (len(sampled.boundaries), sampled.failed) == (0, 0)
    assert sampled.boundaries.normals.shape == (0, 2)


def test_a_boundary_through_the_seed_cannot_hold_it_inside_and_is_dropped() -> None:
    seed = Seed(np.array([0.0, 1.0]), 0)

    sampled = sample_boundaries(half_plane(), seed, np.array([[-1.0, 1.0]], np.float32), 0.9)

    assert (len(sampled.boundaries), sampled.failed) == (0, 1)
    assert sampled.crossings.shape == (0, 2)


def test_a_boundary_with_the_seed_on_its_other_side_is_turned_and_marked() -> None:
    # G_0 - G_1 = 0.001 + |u - 1| comes near zero without crossing it. The first point tried,
    # 1.002, lies on the rising arm: 0.001 + (u - 1), which is -0.999 at the seed.
    tail = DenseTail(
        weights=(np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])),
        biases=(np.array([-1.0, 1.0]), np.array([0.001, 0.0])),
        slopes=(1.0, 0.0),
    )

    sampled = sample_boundaries(tail, Seed(np.zeros(1), 0), np.array([[10.02]], np.float32), 0.9)

    assert sampled.boundaries.flipped.tolist() == [True]
    np.testing.assert_allclose(sampled.boundaries.normals, [[-1.0]])
    np.testing.assert_allclose(sampled.boundaries.offsets, [0.999])


def test_the_same_plane_has_the_same_key_whatever_its_length() -> None:
    normals = np.array([[1.0, -3.0], [2.0, -6.0 + 1e-9], [1.0, -3.001], [0.0, 1.0], [-0.0, 1.0]])
    found = boundaries_of(normals, np.array([0.5, 1.0, 0.5, 0.0, -0.0]))

    one, longer, other, zero, negative_zero = found.keys()

    assert one == longer
    assert one != other
    assert zero == negative_zero


def test_joining_and_taking_keep_every_part_in_its_place() -> None:
    rng = np.random.default_rng(0)
    one = boundaries_of(rng.normal(size=(3, 2)), rng.normal(size=3))
    two = boundaries_of(rng.normal(size=(2, 2)), rng.normal(size=2))

    back = one.joined(two).take(np.array([3, 4]))

    np.testing.assert_array_equal(back.normals, two.normals)
    np.testing.assert_array_equal(back.offsets, two.offsets)
    assert len(one.joined(two)) == 5
