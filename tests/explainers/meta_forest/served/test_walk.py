import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.meta_forest.served.forest import BitForest
from explainers.meta_forest.served.tree import MetaTree
from explainers.meta_forest.served.walk import nested_forest, nested_tree, reach, vote
from tests.explainers.meta_forest.worked import fields

PAIRS = [(0, 1), (0, 2), (1, 2)]


def _tree() -> MetaTree:
    found = fields()
    return MetaTree(*(found[k] for k in ("left", "right", "feature", "threshold", "histogram")))


def _forest() -> BitForest:
    found = fields()
    names = ("forest_features", "forest_thresholds", "forest_masks", "forest_shares")
    return BitForest(*(found[name] for name in names))


def test_the_nested_tree_worked_by_hand() -> None:
    assert nested_tree(_tree(), PAIRS) == (0, 2, -5.0, (0, 1, -6.9, 0, 1), 2)


@pytest.mark.parametrize(
    ("distances", "leaf"),
    [
        ([5.0, 12.0, 10.0], 0),  # the threshold itself goes left
        ([5.0, 11.0, 10.0], 1),
        ([5.0, 12.0, 9.999], 2),
    ],
)
def test_the_walk_worked_by_hand(distances: list[float], leaf: int) -> None:
    assert reach(nested_tree(_tree(), PAIRS), distances) == leaf


def test_the_vote_worked_by_hand() -> None:
    voters = nested_forest(_forest(), PAIRS)

    for target, expected in enumerate((306, 51, 153, 0)):
        assert vote(voters, [5.0, 12.0, 10.0], target) == pytest.approx(expected / 510)


@given(st.lists(st.floats(0, 20, width=16), min_size=3, max_size=3))
def test_nested_and_plain_arrays_are_walked_alike(distances: list[float]) -> None:
    row = [distances[first] - distances[second] for first, second in PAIRS]
    voters = nested_forest(_forest(), PAIRS)

    assert reach(nested_tree(_tree(), PAIRS), distances) == _tree().leaf(row)
    found = [vote(voters, distances, target) for target in range(4)]
    np.testing.assert_allclose(found, _forest().votes(np.array(row, np.float32)), rtol=1e-12)
