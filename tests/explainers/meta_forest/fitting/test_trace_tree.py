import numpy as np
import pytest

from explainers.arrays import FloatArray, IntArray
from explainers.meta_forest.fitting.trace_tree import (
    TreeArrays,
    choose_tree,
    decimals_for,
    fit_tree,
    reached,
)
from explainers.meta_forest.served.tree import check_tree

ARRAYS = ("left", "right", "feature", "threshold", "histogram")


def _stairs(images: int, steps: int) -> tuple[FloatArray, IntArray]:
    """One margin of two, cut into steps of alternating class."""
    rows = np.random.default_rng(0).random((images, 2)).astype(np.float32)
    return rows, (rows[:, 0] * steps).astype(np.int64) % 2


def _walked(tree: TreeArrays, row: list[float]) -> list[int]:
    nodes = [0]
    while tree.left[nodes[-1]] >= 0:
        at = nodes[-1]
        below = row[int(tree.feature[at])] <= float(tree.threshold[at])
        nodes.append(int((tree.left if below else tree.right)[at]))
    return nodes


def test_a_fitted_tree_is_one_that_may_be_served() -> None:
    rows, predicted = _stairs(600, 6)
    tree = fit_tree(rows, predicted, 3, 8, 2, seed=0)

    check_tree({name: getattr(tree, name) for name in ARRAYS}, 2)
    np.testing.assert_array_equal(tree.threshold, np.round(tree.threshold, 2))
    assert (tree.left < 0).sum() <= 8
    assert tree.histogram.shape == (len(tree.left), 3)


def test_nodes_count_the_images_that_reach_them_after_rounding() -> None:
    rows, predicted = _stairs(600, 6)
    tree = fit_tree(rows, predicted, 2, 8, 1, seed=0)

    expected = np.zeros_like(tree.histogram)
    for row, label in zip(rows.tolist(), predicted.tolist(), strict=True):
        nodes = _walked(tree, row)
        expected[nodes, label] += 1
        assert reached(tree, np.array([row], dtype=np.float32)) == nodes[-1]
    np.testing.assert_array_equal(tree.histogram, expected)


def test_two_leaves_are_the_least() -> None:
    rows, predicted = _stairs(100, 2)

    assert fit_tree(rows, predicted, 2, 1, 3, seed=0).histogram.shape == (3, 2)


def test_of_nearly_equal_trees_the_smallest_is_kept() -> None:
    rows, predicted = _stairs(2000, 2)

    # Two steps of alternating class: four leaves (2.0 per class) are enough.
    tree, _ = choose_tree(rows, predicted, (rows, predicted), 2, np.random.default_rng(0))

    assert (tree.left < 0).sum() <= 4


def test_leaves_that_are_hardly_worth_it_are_not_kept() -> None:
    rows, predicted = _stairs(4000, 4)
    band = (rows[:, 0] > 0.10) & (rows[:, 0] < 0.12)
    flipped = np.where(band, 1 - predicted, predicted)
    # Of the band, which takes two leaves more, validation holds only two images of 4,000.
    seldom = ~band | (np.cumsum(band) <= 2)

    tree, _ = choose_tree(
        rows, flipped, (rows[seldom], flipped[seldom]), 2, np.random.default_rng(0)
    )

    assert (tree.left < 0).sum() == 4
    larger = fit_tree(rows, flipped, 2, 6, 3, seed=0)
    named = larger.histogram.argmax(axis=1)[reached(larger, rows[seldom])]
    assert (named == flipped[seldom]).mean() > 0.9995


def test_a_larger_tree_is_kept_where_it_is_worth_it() -> None:
    rows, predicted = _stairs(4000, 12)

    tree, _ = choose_tree(rows, predicted, (rows, predicted), 2, np.random.default_rng(0))

    assert (tree.left < 0).sum() == 12


@pytest.mark.parametrize(
    ("spread", "decimals"), [(1.0, 3), (9.9, 3), (10.0, 2), (0.05, 5), (1e-9, 8), (1e6, 1)]
)
def test_a_thousandth_of_the_spread_is_told_apart(spread: float, decimals: int) -> None:
    rows = np.array([[-spread, spread]] * 4, dtype=np.float64)

    assert decimals_for(rows.astype(np.float32)) == decimals


def test_equal_margins_have_decimals_too() -> None:
    assert decimals_for(np.ones((4, 2), dtype=np.float32)) == 3
