"""The base learners: one forest per factor."""

import numpy as np
import pytest

from explainers.arrays import AnyArray, IntArray
from explainers.errors import FittingError, ShapeError
from explainers.meta_forest.fitting.inte.base_learners import BaseLearners, ForestSettings

SMALL = ForestSettings(trees=25)


@pytest.fixture
def data() -> tuple[AnyArray, IntArray]:
    rng = np.random.default_rng(0)
    codes = np.stack([rng.integers(0, 3, size=300), rng.integers(0, 2, size=300) * 5], axis=1)
    return codes + 0.1 * rng.normal(size=(300, 2)), codes


def test_forests_name_the_clusters_by_their_own_numbers(data: tuple[AnyArray, IntArray]) -> None:
    inputs, codes = data

    found = BaseLearners.fit(inputs, codes, SMALL, np.random.default_rng(0))

    np.testing.assert_array_equal(found.codes(inputs), codes)
    np.testing.assert_allclose(found.out_of_bag, [1.0, 1.0], rtol=0, atol=0.02)  # clear clusters


def test_out_of_bag_scores_noise_at_chance() -> None:
    rng = np.random.default_rng(0)
    inputs, codes = rng.normal(size=(400, 3)), rng.integers(0, 2, size=(400, 1))

    found = BaseLearners.fit(inputs, codes, ForestSettings(50), rng)

    # In-bag the forest knows every image; 0.5 is chance, 0.1 is four standard errors.
    np.testing.assert_allclose(found.out_of_bag, [0.5], rtol=0, atol=0.1)
    assert (found.codes(inputs) == codes).mean() > 0.9


def test_threads_do_not_change_the_result(data: tuple[AnyArray, IntArray]) -> None:
    inputs, codes = data
    unseen = np.random.default_rng(1).normal(size=(200, 2)) * 3

    one = BaseLearners.fit(inputs, codes, SMALL, np.random.default_rng(0))
    two = BaseLearners.fit(inputs, codes, ForestSettings(25, jobs=2), np.random.default_rng(0))

    np.testing.assert_array_equal(one.codes(unseen), two.codes(unseen))
    np.testing.assert_array_equal(one.out_of_bag, two.out_of_bag)


def test_images_in_every_bag_are_left_out_of_the_score(data: tuple[AnyArray, IntArray]) -> None:
    one_tree = ForestSettings(trees=1, max_samples=1.0)

    found = BaseLearners.fit(*data, one_tree, np.random.default_rng(0))

    # One tree drew about two thirds of the images; it errs on few of the others.
    np.testing.assert_allclose(found.out_of_bag, [1.0, 1.0], rtol=0, atol=0.1)


def test_out_of_bag_scores_may_be_left_out(data: tuple[AnyArray, IntArray]) -> None:
    found = BaseLearners.fit(*data, SMALL, np.random.default_rng(0), out_of_bag=False)

    assert np.all(np.isnan(found.out_of_bag))


def test_rows_per_tree_are_bounded_by_share_and_number() -> None:
    assert ForestSettings().rows_per_tree(1_000) == 500
    assert ForestSettings().rows_per_tree(50_000) == 10_000
    assert ForestSettings().rows_per_tree(1) == 1


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(FittingError, match=r"trees >= 1, .* not 0, 0\.5 and 10000"):
        ForestSettings(trees=0)


def test_ids_of_other_images_are_refused(data: tuple[AnyArray, IntArray]) -> None:
    with pytest.raises(ShapeError, match=r"codes must have shape \(images=300, factors\)"):
        BaseLearners.fit(data[0], data[1][:10], SMALL, np.random.default_rng(0))
