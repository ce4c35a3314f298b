"""Figures for faithfulness."""

import math

import numpy as np
import pytest

from explainers.errors import ShapeError
from explainers.meta_forest.fitting.inte.fidelity import (
    accuracy_claim,
    agreement,
    agreement_on_errors,
    complexity,
    confusion,
    id_accuracy,
    rate,
)
from explainers.meta_forest.fitting.inte.nominal_tree import LEAF, NominalTree


def test_the_interval_is_that_of_clopper_and_pearson() -> None:
    found = rate(np.array([True] * 8 + [False] * 2))

    # Where 8 or more of 10, or 8 or fewer, has probability 0.025.
    above = sum(
        math.comb(10, k) * found.lower**k * (1 - found.lower) ** (10 - k) for k in (8, 9, 10)
    )
    below = sum(math.comb(10, k) * found.upper**k * (1 - found.upper) ** (10 - k) for k in range(9))
    np.testing.assert_allclose([above, below], 0.025, rtol=1e-6)  # the solver's tolerance
    assert (found.count, found.of, found.share) == (8, 10, 0.8)


def test_nothing_to_count_says_so() -> None:
    found = rate(np.array([], dtype=bool))

    assert math.isnan(found.share)
    assert (found.of, found.lower, found.upper) == (0, 0.0, 1.0)


def test_agreement_on_errors_looks_only_where_the_network_is_wrong() -> None:
    labels = np.array([0, 1, 2, 2, 1])
    predicted = np.array([0, 1, 0, 1, 0])
    named = np.array([1, 1, 0, 2, 0])

    assert agreement(named, predicted).count == 3
    found = agreement_on_errors(named, predicted, labels)
    assert (found.count, found.of) == (2, 3)


def test_confusion_has_its_first_labelling_in_rows() -> None:
    found = confusion(np.array([0, 0, 2]), np.array([1, 1, 2]), 3)

    np.testing.assert_array_equal(found, [[0, 2, 0], [0, 0, 0], [0, 0, 1]])


def test_id_accuracy_is_counted_for_each_factor() -> None:
    network = np.array([[0, 1], [0, 2], [1, 1], [1, 0]])
    forest = np.array([[0, 1], [1, 2], [1, 1], [1, 0]])

    np.testing.assert_array_equal(id_accuracy(network, forest), [0.75, 1.0])


def test_complexity_weighs_paths_by_the_images_on_them() -> None:
    # Root asks for factor 0; where it fails, factor 1 is asked.
    tree = NominalTree(
        is_child=np.array([1, LEAF, 3, LEAF, LEAF]),
        is_not_child=np.array([2, LEAF, 4, LEAF, LEAF]),
        factor=np.array([0, LEAF, 1, LEAF, LEAF]),
        cluster=np.array([7, LEAF, 5, LEAF, LEAF]),
        histograms=np.array([[3, 3], [3, 0], [0, 3], [0, 2], [0, 1]]),
    )
    codes = np.array([[7, 0], [7, 0], [7, 0], [0, 5]])

    found = complexity(tree, codes)

    assert (found.leaves, found.mean_path_length, found.mean_factors_on_path) == (3, 1.25, 1.25)


def test_the_papers_claim_holds_within_two_points() -> None:
    found = accuracy_claim(0.96, 0.98)

    assert found.reproduced
    assert found.difference == pytest.approx(0.02)
    assert found.words.startswith("This reconstruction meets the paper's claim")


@pytest.mark.parametrize("accuracy", [0.959, 1.0])
def test_a_claim_that_is_not_met_is_said_to_be_not_reproduced(accuracy: float) -> None:
    found = accuracy_claim(accuracy, 0.9795)

    assert not found.reproduced
    assert "was not reproduced: the tree by the forest route is right on" in found.words
    assert f"{accuracy:.4f}" in found.words


def test_labellings_of_different_images_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"named must have shape \(images=3\), not \(2,\)"):
        agreement(np.array([1, 2]), np.array([1, 2, 3]))
