"""Level 1: the units of a layer fall into factors."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from explainers.arrays import AnyArray
from explainers.errors import FittingError, ShapeError
from explainers.meta_forest.fitting.inte.factors import NO_FACTOR, fit_factors, unit_distances


def average_linkage(distances: AnyArray, count: int) -> set[frozenset[int]]:
    """Join, again and again, the two groups whose members lie nearest on average."""
    groups = [frozenset([unit]) for unit in range(len(distances))]
    while len(groups) > count:
        pair = min(
            itertools.combinations(groups, 2),
            key=lambda two: np.mean([distances[a, b] for a in two[0] for b in two[1]]),
        )
        groups = [group for group in groups if group not in pair] + [pair[0] | pair[1]]
    return set(groups)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [1, 2, 4])
def test_factors_are_those_of_average_linkage_done_by_brute_force(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(40, 9)) @ rng.normal(size=(9, 9))
    distances = 1 - np.abs(np.corrcoef(hidden.T))

    found = fit_factors(hidden.astype(np.float32), count, rng)

    groups = {frozenset(found.units(factor).tolist()) for factor in range(found.count)}
    assert groups == average_linkage(distances, count)


def test_units_that_mirror_each_other_share_a_factor() -> None:
    # Columns 0 and 2 are each other's negative, column 1 goes its own way.
    hidden = np.array([[0, 1, 4], [1, 0, 3], [2, 1, 2], [3, 0, 1]], dtype=np.float32)

    found = fit_factors(hidden, 2, np.random.default_rng(0))

    np.testing.assert_array_equal(found.factor_of_unit, [0, 1, 0])


def test_distance_is_one_minus_the_size_of_the_correlation() -> None:
    profiles = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.6, 0.8]])

    found = unit_distances(profiles)

    wanted = [[0, 1, 0, 0.4], [1, 0, 1, 0.2], [0, 1, 0, 0.4], [0.4, 0.2, 0.4, 0]]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)  # float64 rounding


def test_a_unit_that_never_changes_has_no_factor() -> None:
    hidden = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    hidden[:, 1] = 0

    found = fit_factors(hidden, 2, np.random.default_rng(0))

    assert found.factor_of_unit[1] == NO_FACTOR
    assert 1 not in np.concatenate([found.units(0), found.units(1)])


def test_a_wide_layer_is_grouped_without_a_distance_matrix() -> None:
    rng = np.random.default_rng(0)
    blocks = np.repeat([0, 1, 2], 30)
    signs = rng.choice([-1.0, 1.0], size=len(blocks))
    hidden = rng.normal(size=(400, 3))[:, blocks] * signs + 0.2 * rng.normal(size=(400, 90))

    found = fit_factors(hidden.astype(np.float32), 3, rng, most_units=10)

    assert adjusted_rand_score(blocks, found.factor_of_unit) == 1.0


def test_only_so_many_images_are_looked_at() -> None:
    hidden = np.random.default_rng(0).normal(size=(500, 6)).astype(np.float32)

    few = fit_factors(hidden, 2, np.random.default_rng(1), most_rows=20)

    assert few.count == 2


@pytest.mark.parametrize("count", [0, 4])
def test_more_factors_than_living_units_are_refused(count: int) -> None:
    hidden = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    hidden[:, 0] = 1

    with pytest.raises(FittingError, match=f"factors must be 1 to 3, .* not {count}; ask for"):
        fit_factors(hidden, count, np.random.default_rng(0))


def test_a_layer_of_another_shape_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"hidden must have shape \(images, units\)"):
        fit_factors(np.zeros((3, 2, 2), dtype=np.float32), 1, np.random.default_rng(0))


def test_the_map_cannot_be_changed() -> None:
    hidden = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    found = fit_factors(hidden, 2, np.random.default_rng(0))

    with pytest.raises(ValueError, match="read-only"):
        found.factor_of_unit[0] = 3
