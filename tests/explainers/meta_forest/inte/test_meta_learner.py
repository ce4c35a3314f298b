"""The tree over cluster ids, which are names and not numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.arrays import IntArray
from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings, fit_meta_learner
from explainers.meta_forest.fitting.inte.nominal import NominalCodes, appearance_order
from explainers.meta_forest.fitting.inte.nominal_tree import LEAF, Condition


def random_codes(seed: int) -> tuple[IntArray, IntArray]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 6, size=(240, 4))
    target = np.where(codes[:, 0] == 3, 0, np.where(np.isin(codes[:, 1], [0, 4]), 1, 2))
    noisy = rng.random(240) < 0.2
    return codes, np.where(noisy, rng.integers(0, 3, size=240), target)


def test_a_tree_worked_by_hand() -> None:
    # Cluster 1 of the only factor is class 2; clusters 0 and 5 are class 0. One question
    # settles it, though 1 lies between 0 and 5.
    codes = np.array([[0], [1], [5], [1], [0], [5]])
    target = np.array([0, 2, 0, 2, 0, 0])

    found = fit_meta_learner(codes, target, 3, TreeSettings(), np.random.default_rng(0)).full

    assert len(found.leaves) == 2
    assert (found.factor[0], found.cluster[0]) == (0, 1)
    np.testing.assert_array_equal(found.histograms[0], [4, 0, 2])
    np.testing.assert_array_equal(found.histograms[found.is_child[0]], [0, 0, 2])
    path = found.path(np.array([5]))
    assert path.conditions == (Condition(0, 1, holds=False),)
    assert path.conditions[0].text == "factor 0 is not cluster 1"
    assert (path.names, path.support, path.purity) == (0, 4, 1.0)


def test_one_hot_columns_stand_in_the_order_of_appearance() -> None:
    codes = np.array([[7, 1], [2, 1], [7, 0]])

    nominal = NominalCodes.fit(codes)

    np.testing.assert_array_equal(appearance_order(codes[:, 0]), [7, 2])
    np.testing.assert_array_equal(nominal.factor, [0, 0, 1, 1])
    np.testing.assert_array_equal(nominal.cluster, [7, 2, 1, 0])
    np.testing.assert_array_equal(
        nominal.one_hot(codes), [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]]
    )


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    orders=st.tuples(*[st.permutations(range(6)) for _ in range(4)]),
)
def test_permuting_the_cluster_numbers_changes_no_prediction(
    seed: int, orders: tuple[list[int], ...]
) -> None:
    codes, target = random_codes(seed)
    unseen = np.random.default_rng(seed + 1).integers(0, 6, size=(200, 4))
    renumber = np.array(orders)
    factors = np.arange(4)

    plain = fit_meta_learner(codes, target, 3, TreeSettings(), np.random.default_rng(5))
    permuted = fit_meta_learner(
        renumber[factors, codes], target, 3, TreeSettings(), np.random.default_rng(5)
    )

    for one, other in ((plain.full, permuted.full), (plain.display, permuted.display)):
        np.testing.assert_array_equal(one.predict(unseen), other.predict(renumber[factors, unseen]))
        np.testing.assert_array_equal(one.is_child, other.is_child)


@pytest.mark.parametrize("most_leaves", [1, 2, 5, 12])
def test_the_displayed_copy_has_no_more_leaves_than_asked(most_leaves: int) -> None:
    codes, target = random_codes(1)

    found = fit_meta_learner(codes, target, 3, TreeSettings(most_leaves), np.random.default_rng(0))

    assert 1 <= len(found.display.leaves) <= most_leaves < len(found.full.leaves)
    assert found.pruning > 0


def test_a_small_tree_is_displayed_whole() -> None:
    codes, target = random_codes(1)

    found = fit_meta_learner(codes, target, 3, TreeSettings(500), np.random.default_rng(0))

    assert found.display is found.full


def test_a_class_that_no_image_has_keeps_its_place() -> None:
    codes = np.array([[0], [1]])

    found = fit_meta_learner(
        codes, np.array([0, 4]), 6, TreeSettings(), np.random.default_rng(0)
    ).full

    np.testing.assert_array_equal(found.predict(codes), [0, 4])
    assert found.histograms.shape == (3, 6)


def test_only_leaves_have_no_test() -> None:
    codes, target = random_codes(2)
    found = fit_meta_learner(codes, target, 3, TreeSettings(), np.random.default_rng(0)).full

    np.testing.assert_array_equal(found.is_child == LEAF, found.factor == LEAF)
    reached = found.leaf_of(codes)
    counted = np.bincount(reached, minlength=len(found.factor))[found.leaves]
    np.testing.assert_array_equal(counted, found.histograms[found.leaves].sum(axis=1))
