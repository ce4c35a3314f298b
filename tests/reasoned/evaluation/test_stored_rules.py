"""A rule set by hand, counted on images in a plane."""

import dataclasses

import numpy as np

from explainers.representative.served.polytopes import Polytopes
from reasoned.evaluation.figures import StoredFigures
from reasoned.evaluation.image_polytope import Searching
from reasoned.evaluation.stored_rules import stored_figures

# x > 0 and x < 4 is class 0; x > 3 is class 1.
RULES = Polytopes(
    np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]], np.float32),
    np.array([0.0, 4.0, -3.0], np.float32),
    np.array([0, 2, 3]),
)


def test_by_hand(patches: Searching) -> None:
    across = np.array([-1.0, 1.0, 2.0, 3.2, 3.8, 9.0], np.float32)
    points = np.stack([across, np.zeros(6, np.float32)], axis=1)
    predicted = np.array([0, 0, 1, 0, 0, 1])
    unseen = dataclasses.replace(patches.unseen, boundary=points, predicted=predicted)

    found = stored_figures(RULES, np.array([0, 1]), unseen)

    # The pairs: 1, 2, 3.2 and 3.8 with the first, 3.2, 3.8 and 9 with the second. At 3.8
    # the second is the deeper, and the network says class 0.
    assert found == StoredFigures(
        polytopes=2,
        unseen_coverage=5 / 6,
        precision=4 / 7,
        image_precision=3 / 5,
        contested=2 / 6,
    )


def test_where_nothing_is_covered_nothing_is_precise(patches: Searching) -> None:
    points = np.full((2, 2), -1.0, np.float32)
    unseen = dataclasses.replace(patches.unseen, boundary=points, predicted=np.array([0, 1]))

    found = stored_figures(RULES, np.array([0, 1]), unseen)

    assert (found.unseen_coverage, found.precision, found.image_precision) == (0.0, None, None)


def test_an_image_must_lie_so_deep(patches: Searching) -> None:
    points = np.array([[0.5, 0.0], [1.5, 0.0]], np.float32)
    unseen = dataclasses.replace(patches.unseen, boundary=points, predicted=np.array([0, 0]))

    found = stored_figures(RULES, np.array([0, 1]), unseen, least_depth=1.0)

    assert found.unseen_coverage == 0.5
