import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.meta_forest.served.crossing import Crossings
from explainers.meta_forest.served.tree import MetaTree
from tests.explainers.meta_forest.worked import fields

PAIRS = [(0, 1), (0, 2), (1, 2)]
# Halves are exact in binary, and so are their squares: equal distances are equal.
GRID = st.integers(-8, 8).map(lambda n: n / 2)


def _tree() -> MetaTree:
    found = fields()
    return MetaTree(*(found[k] for k in ("left", "right", "feature", "threshold", "histogram")))


@st.composite
def trees(draw: st.DrawFn) -> MetaTree:
    """Any tree, its tests at random: some contradict each other."""
    left, right, feature, threshold = [-1], [-1], [0], [0.0]
    for _ in range(draw(st.integers(0, 12))):
        leaf = draw(st.sampled_from([n for n, child in enumerate(left) if child < 0]))
        left[leaf], right[leaf] = len(left), len(left) + 1
        feature[leaf], threshold[leaf] = draw(st.integers(0, 2)), draw(GRID)
        left, right = [*left, -1, -1], [*right, -1, -1]
        feature, threshold = [*feature, 0, 0], [*threshold, 0.0, 0.0]
    named = draw(st.lists(st.integers(0, 3), min_size=len(left), max_size=len(left)))
    histogram = np.eye(4, dtype=np.int64)[named]
    arrays = (np.array(left), np.array(right), np.array(feature), np.array(threshold))
    return MetaTree(*arrays, histogram)


def into(tree: MetaTree, leaf: int, row: list[float]) -> list[float] | None:
    """Move a row into a leaf as little as possible, test by test; None where nothing is in it."""
    moved = list(row)
    for test in tree.paths[leaf]:
        if test.below:
            moved[test.feature] = min(moved[test.feature], test.threshold)
        elif moved[test.feature] <= test.threshold:
            moved[test.feature] = math.nextafter(test.threshold, math.inf)
    # A later test may have undone an earlier one: then no row passes both.
    return moved if tree.leaf(moved) == leaf else None


def apart(row: list[float], moved: list[float]) -> float:
    # nextafter is far finer than the grid: to the border of the box.
    return sum(round(abs(a - b), 6) ** 2 for a, b in zip(row, moved, strict=True))


@pytest.mark.parametrize(
    ("distances", "named", "leaf"),
    [
        ([5.0, 12.0, 10.0], 0, 2),  # ant - cat is the threshold itself: cat is no way off
        ([5.0, 11.95, 10.5], 0, 1),  # 0.05 to bee, 0.5 to cat
        ([5.0, 11.0, 10.75], 1, 2),  # 0.9 to ant, 0.75 to cat
        ([5.0, 11.0, 11.0], 1, 0),  # 0.9 to ant, 1 to cat
    ],
)
def test_the_nearest_leaf_worked_by_hand(distances: list[float], named: int, leaf: int) -> None:
    assert Crossings.of(_tree(), PAIRS).nearest(distances, named) == leaf


def test_of_equally_near_leaves_the_one_of_fewest_tests_is_taken() -> None:
    tree = _tree()
    # With ant - bee <= -7 the row is on both borders. Bee (leaf 1) is two tests away from the
    # root, cat (leaf 2) one.
    moved = MetaTree(
        tree.left, tree.right, tree.feature, np.array([-5.0, -7.0, 0, 0, 0]), tree.histogram
    )

    assert Crossings.of(moved, PAIRS).nearest([5.0, 12.0, 10.0], 0) == 2


def test_two_tests_of_one_feature_are_one_way_not_two() -> None:
    # ant - cat <= 3.05 ? (ant - bee <= 0 ? ant : (ant - bee <= 2 ? ant : bee)) : cat
    tree = MetaTree(
        left=np.array([1, 2, -1, 4, -1, -1, -1]),
        right=np.array([6, 3, -1, 5, -1, -1, -1]),
        feature=np.array([1, 0, 0, 0, 0, 0, 0]),
        threshold=np.array([3.05, 0, 0, 2, 0, 0, 0]),
        histogram=np.eye(4, dtype=np.int64)[[0, 0, 0, 1, 0, 1, 2]],
    )

    # From ant - bee = -1 and ant - cat = 0 it is 3 to bee, on whose way 0 is passed, and 3.05
    # to cat; 1 and 3 added up as if they were two features would be 3.16.
    assert Crossings.of(tree, PAIRS).nearest([1.0, 2.0, 1.0], 0) == 2


def test_of_equally_near_leaves_with_as_many_tests_the_first_is_taken() -> None:
    # ant - bee <= 1 ? (ant - cat <= 1 ? ant : bee) : (ant - cat <= 1 ? cat : dog)
    tree = MetaTree(
        left=np.array([1, 3, 5, -1, -1, -1, -1]),
        right=np.array([2, 4, 6, -1, -1, -1, -1]),
        feature=np.array([0, 1, 1, 0, 0, 0, 0]),
        threshold=np.ones(7),
        histogram=np.eye(4, dtype=np.int64)[[0, 0, 2, 0, 1, 2, 3]],
    )

    # Both margins are 0: to bee and to cat it is 1 each, and bee has the smaller number.
    assert Crossings.of(tree, PAIRS).nearest([1.0, 1.0, 1.0], 0) == 1


def test_where_all_leaves_name_one_class_there_is_none() -> None:
    tree = _tree()
    alike = MetaTree(
        tree.left, tree.right, tree.feature, tree.threshold, np.tile([[0, 1, 0, 0]], (5, 1))
    )

    assert Crossings.of(alike, PAIRS).nearest([1.0, 2.0, 3.0], 1) is None


def test_a_leaf_that_no_row_reaches_is_never_the_nearest() -> None:
    # ant - bee <= 0, then > 0: nothing passes both, and bee has no other leaf.
    tree = MetaTree(
        left=np.array([1, 3, -1, -1, -1]),
        right=np.array([2, 4, -1, -1, -1]),
        feature=np.zeros(5, dtype=np.int64),
        threshold=np.zeros(5),
        histogram=np.eye(4, dtype=np.int64)[[0, 0, 2, 0, 1]],
    )

    assert Crossings.of(tree, PAIRS).nearest([0.0, 1.0, 0.0], 0) == 0
    assert tree.names()[0] == 2


@given(trees(), st.lists(GRID, min_size=3, max_size=3))
def test_it_is_the_nearest_by_brute_force(tree: MetaTree, distances: list[float]) -> None:
    row = [distances[first] - distances[second] for first, second in PAIRS]
    names, own = tree.names(), tree.leaf(row)

    found = Crossings.of(tree, PAIRS).nearest(distances, names[own])

    moved = {leaf: into(tree, leaf, row) for leaf in range(len(names))}
    ranked = [
        (apart(row, there), len(tree.paths[leaf]), leaf)
        for leaf, there in moved.items()
        if there is not None and names[leaf] != names[own]
    ]
    assert found == (min(ranked)[2] if ranked else None)


@given(trees(), st.lists(GRID, min_size=3, max_size=3))
def test_no_row_nearer_by_is_of_another_class(tree: MetaTree, distances: list[float]) -> None:
    row = [distances[first] - distances[second] for first, second in PAIRS]
    names, own = tree.names(), tree.leaf(row)
    found = Crossings.of(tree, PAIRS).nearest(distances, names[own])
    far = math.inf if found is None else apart(row, into(tree, found, row) or [])

    for step in itertools.product((-2.0, -0.75, 0.0, 0.25, 1.5), repeat=3):
        other = [value + moved for value, moved in zip(row, step, strict=True)]
        assert names[tree.leaf(other)] == names[own] or apart(row, other) >= far
