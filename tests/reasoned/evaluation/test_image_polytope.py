"""The polytope of one unseen image: what is inside, and in which order."""

import numpy as np
import pytest

from explainers.representative.served.search import (
    Found,
    SearchSettings,
    Seed,
    find_polytope,
)
from reasoned.evaluation.image_polytope import Searching, paper_search

POSITIONS = [0, 7, 301]


def searched(digits: Searching, position: int, settings: SearchSettings) -> Found:
    """Search as `Searching.find` does."""
    unseen = digits.unseen
    seed = Seed(unseen.boundary[position].astype(np.float64), int(unseen.predicted[position]))
    rng = np.random.default_rng([3, position, 0])
    found = find_polytope(digits.network.above, digits.references, seed, rng, settings)
    assert found is not None
    return found


@pytest.mark.parametrize("position", POSITIONS)
def test_the_images_inside_are_recounted_facet_by_facet(digits: Searching, position: int) -> None:
    unseen, settings = digits.unseen, paper_search(50)
    polytope = digits.find(position, settings)
    facets = searched(digits, position, settings)

    inside = [
        all(
            normal @ point.astype(np.float64) + offset > 0
            for normal, offset in zip(facets.normals, facets.offsets, strict=True)
        )
        for point in unseen.boundary
    ]
    np.testing.assert_array_equal(polytope.inside, inside)
    assert (polytope.tau, polytope.facets) == (facets.tau, len(facets.normals))
    assert polytope.inside[position]
    assert sorted([*polytope.similar.tolist(), position]) == np.flatnonzero(inside).tolist()


@pytest.mark.parametrize("position", POSITIONS)
def test_similar_images_ascend_by_semantic_distance(digits: Searching, position: int) -> None:
    settings = paper_search(50)
    points = digits.unseen.boundary.astype(np.float64)
    normals = searched(digits, position, settings).normals

    similar = digits.find(position, settings).similar

    apart = [
        sum(abs(normal @ points[position] - normal @ points[other]) for normal in normals)
        for other in similar
    ]
    assert len(apart) > 10
    assert apart == sorted(apart)


def test_the_weights_are_the_mean_of_the_normals_over_facets_and_space(digits: Searching) -> None:
    settings = SearchSettings()
    polytope = digits.find(0, settings)
    normals = searched(digits, 0, settings).normals

    pulled = digits.network.pulled_back(normals, digits.unseen.map_shape)
    np.testing.assert_allclose(polytope.weights, pulled.mean(axis=(0, 2, 3)), rtol=1e-9)


def test_the_same_seed_gives_the_same_and_another_repeat_another(digits: Searching) -> None:
    settings = paper_search(10)
    first, again, other = (digits.find(4, settings, repeat) for repeat in (0, 0, 1))

    np.testing.assert_array_equal(first.weights, again.weights)
    np.testing.assert_array_equal(first.similar, again.similar)
    assert not np.array_equal(first.weights, other.weights)


def test_the_papers_search_is_neither_enlarged_nor_pruned() -> None:
    found = paper_search(25)

    assert (found.boundaries, found.most_boundaries) == (25, 25)
    assert (found.enlarge, found.prune) == (False, False)
