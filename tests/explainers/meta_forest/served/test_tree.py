import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import AnyArray
from explainers.errors import ArtefactError
from explainers.meta_forest.served.tree import Condition, MetaTree, check_tree


def tree() -> MetaTree:
    # The node numbers do not run as in a walk: the right side comes first.
    return MetaTree(
        left=np.array([3, -1, -1, 2, -1]),
        right=np.array([1, -1, -1, 4, -1]),
        feature=np.array([1, 0, 0, 0, 0]),
        threshold=np.array([0.5, 0, 0, -2.0, 0]),
        histogram=np.array([[5, 6], [0, 5], [3, 0], [5, 1], [2, 2]]),
    )


def test_the_paths_worked_by_hand() -> None:
    left, right = Condition(1, below=True, threshold=0.5), Condition(1, below=False, threshold=0.5)

    assert tree().leaves == (1, 2, 4)
    assert tree().paths == (
        (right,),
        (left, Condition(0, below=True, threshold=-2.0)),
        (left, Condition(0, below=False, threshold=-2.0)),
    )


def test_a_leaf_names_its_most_frequent_class_and_the_first_of_two() -> None:
    assert tree().names() == [1, 0, 0]


def test_the_threshold_itself_goes_left() -> None:
    assert tree().leaf([-2.0, 0.5]) == 1
    assert tree().leaf([np.nextafter(-2.0, 0), 0.5]) == 2
    assert tree().leaf([-2.0, float(np.nextafter(0.5, 1))]) == 0


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=2))
def test_the_tests_of_exactly_one_path_hold(row: list[float]) -> None:
    found = tree()

    holding = [
        all((row[step.feature] <= step.threshold) == step.below for step in path)
        for path in found.paths
    ]

    assert holding == [leaf == found.leaf(row) for leaf in range(3)]


def chain(leaves: int) -> dict[str, AnyArray]:
    """Hang one leaf after the other from a single chain of tests."""
    nodes = 2 * leaves - 1
    inner = np.arange(nodes) % 2 == 0
    inner[-1] = False
    return {
        "left": np.where(inner, np.arange(nodes) + 1, -1),
        "right": np.where(inner, np.arange(nodes) + 2, -1),
        "feature": np.zeros(nodes, np.int64),
        "threshold": np.zeros(nodes),
        "histogram": np.ones((nodes, 2), np.int64),
    }


def test_paths_too_long_to_be_written_out_are_refused() -> None:
    check_tree(chain(999), features=1)
    with pytest.raises(ArtefactError, match="may have 500000 steps in all, not 500499"):
        check_tree(chain(1000), features=1)
