from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from explainers.arrays import FloatArray, IntArray
from explainers.meta_forest.fitting.trace_forest import ForestArrays, fit_forest, pack
from explainers.meta_forest.served.forest import MOST_LEAVES, BitForest
from explainers.meta_forest.served.walk import nested_forest, vote

TREES, FEATURES = 5, 6


def _leaves_from_left_to_right(tree: Any) -> list[int]:  # noqa: ANN401  scikit-learn's Tree
    found, waiting = list[int](), [0]
    while waiting:
        node = waiting.pop()
        if tree.children_left[node] < 0:
            found.append(node)
        else:
            waiting += [int(tree.children_right[node]), int(tree.children_left[node])]
    return found


def _fitted(labels: tuple[int, ...], leaves: int) -> tuple[RandomForestClassifier, FloatArray]:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(800, FEATURES)).astype(np.float32)
    positive = (rows[:, [0, 2]] * rows[:, [1, 3]] > 0).sum(axis=1)
    named = np.array(labels)[positive % len(labels)]
    fitted = RandomForestClassifier(TREES, max_leaf_nodes=leaves, random_state=0).fit(rows, named)
    return fitted, rows


def _at_the_thresholds(fitted: RandomForestClassifier) -> FloatArray:
    """Rows that hold thresholds and their float32 neighbours, where a wrong rounding shows."""
    thresholds = np.concatenate([one.tree_.threshold for one in fitted.estimators_])
    exact = np.random.default_rng(1).choice(thresholds, size=(400, FEATURES)).astype(np.float32)
    low, high = (np.nextafter(exact, np.float32(side)) for side in (-np.inf, np.inf))
    return np.concatenate([exact, low, high])


def _served(found: ForestArrays) -> BitForest:
    return BitForest(found.features, found.thresholds, found.masks, found.shares)


@pytest.mark.parametrize("leaves", [2, 9, MOST_LEAVES])
def test_the_same_leaves_are_reached_as_by_walking(leaves: int) -> None:
    fitted, rows = _fitted((0, 1, 2), leaves)
    packed = _served(pack([one.tree_ for one in fitted.estimators_], np.arange(3), 3))
    tried = np.concatenate([rows, _at_the_thresholds(fitted)])
    assert len(tried) >= 1000

    walked = fitted.apply(tried)  # (rows, trees), node numbers
    orders = [_leaves_from_left_to_right(one.tree_) for one in fitted.estimators_]
    expected = [[orders[t].index(node) for t, node in enumerate(nodes)] for nodes in walked]
    assert [packed.leaves(row).tolist() for row in tried] == expected


@pytest.mark.parametrize("leaves", [2, 9, MOST_LEAVES])
def test_the_nested_walk_gives_the_votes_of_the_masks(leaves: int) -> None:
    fitted, rows = _fitted((0, 1, 2), leaves)
    packed = _served(pack([one.tree_ for one in fitted.estimators_], np.arange(3), 3))
    # Every feature is the distance of its own number less a distance of nothing.
    voters = nested_forest(packed, [(feature, FEATURES) for feature in range(FEATURES)])

    for row in np.concatenate([rows, _at_the_thresholds(fitted)]):
        found = [vote(voters, [*row.tolist(), 0.0], target) for target in range(3)]
        np.testing.assert_allclose(found, packed.votes(row), rtol=1e-12)


def test_the_votes_are_the_forests_probabilities() -> None:
    fitted, rows = _fitted((0, 1, 2), 20)
    packed = _served(pack([one.tree_ for one in fitted.estimators_], np.arange(3), 3))

    votes = np.array([packed.votes(row) for row in rows])

    # A share is stored in 255ths, so it is off by at most half of one.
    np.testing.assert_allclose(votes, fitted.predict_proba(rows), rtol=0, atol=0.5 / 255 + 1e-12)


def test_classes_that_never_occur_get_no_vote() -> None:
    columns: IntArray = np.array([1, 4])
    fitted, rows = _fitted((1, 4), 8)
    packed = _served(pack([one.tree_ for one in fitted.estimators_], columns, 6))

    for row in rows[:50]:
        assert np.flatnonzero(packed.votes(row)).tolist() in ([1], [4], [1, 4])


def test_a_forest_of_stumps_that_found_nothing_votes_all_the_same() -> None:
    rows, predicted = np.zeros((40, 2), dtype=np.float32), np.repeat([0, 1], 20)

    packed = _served(fit_forest(rows, predicted, 2, np.random.default_rng(0)))

    votes = packed.votes(rows[0])
    assert votes.sum() == pytest.approx(1.0, abs=0.01)


def test_the_meta_level_forest_has_sixteen_trees_of_at_most_sixty_four_leaves() -> None:
    _, rows = _fitted((0, 1), 2)
    predicted = (rows.sum(axis=1) > 0).astype(np.int64)

    found = fit_forest(rows, predicted, 2, np.random.default_rng(0))

    assert found.shares.shape == (16, MOST_LEAVES, 2)
    assert len(found.features) <= MOST_LEAVES - 1
