"""What is said of f and g on unseen images, worked by hand."""

import numpy as np
import pytest

from explainers.arrays import FloatArray, IntArray
from reasoned.evaluation.attribute_measures import (
    class_figures,
    cns_curve,
    dead_attributes,
    on_errors,
    relevance_table,
    relevances_of,
    share,
)
from reasoned.evaluation.attribute_subject import Answers

# Three classes, three attributes; the first class is the notes' example.
WEIGHTS = np.array([[1, 5, -4], [0, 2, 0], [0, 0, 1]], np.float32)
PHI = np.array([[2, 0, 1], [0, 3, 0], [0, 0, 0], [1, 0, 4]], np.float32)


def logits(classes: IntArray) -> FloatArray:
    return np.eye(3, dtype=np.float32)[classes]


@pytest.fixture
def answers() -> Answers:
    f, g = np.array([0, 1, 2, 1]), np.array([0, 1, 2, 2])
    return Answers(f_logits=logits(f), g_logits=logits(g), phi=PHI)


def test_relevances_are_of_the_class_that_g_names(answers: Answers) -> None:
    # 2 * 1, 0 * 5 and 1 * -4; 3 * 2; nothing; 4 * 1.
    expected = [[0.5, 0, -1], [0, 1, 0], [0, 0, 0], [0, 0, 1]]

    found = relevances_of(answers, WEIGHTS)

    np.testing.assert_array_equal(found, expected)
    assert cns_curve(found) == {"1.5": 0.5, "2": 0.5, "2.5": 0.75, "3": 0.75, "4": 0.75, "5": 0.75}
    assert cns_curve(found, absolute=True)["1.5"] == 0.75


def test_errors_are_repeated_or_put_right(answers: Answers) -> None:
    # f is wrong on the last two; g repeats the first of them and puts the other right.
    assert on_errors(answers, np.array([0, 1, 0, 2])) == (2, 0.5, 0.5)
    assert on_errors(answers, np.array([0, 1, 2, 1])) == (0, None, None)
    assert share(np.zeros(0, np.bool_)) is None


def test_classes_are_the_networks_and_relevances_where_both_agree(answers: Answers) -> None:
    table = relevance_table(answers, relevances_of(answers, WEIGHTS), 3)
    rows, served = class_figures(answers, table, ("a", "b", "c"), 0.2)

    # The last image is left out of the table: f and g disagree.
    np.testing.assert_array_equal(table, [[0.5, 0, -1], [0, 1, 0], [0, 0, 0]])
    assert [(row.name, row.images, row.fidelity) for row in rows] == [
        ("a", 1, 1.0),
        ("b", 2, 0.5),
        ("c", 1, 1.0),
    ]
    assert [(row.gap, row.used) for row in rows] == [(0.5, 1), (1.0, 1), (0.0, 0)]
    assert served == (1, 1, 0)


def test_an_attribute_that_is_never_active_is_dead() -> None:
    phi = np.tile(np.array([[0.0, 1.0, 0.0009, 0.0011]], np.float32), (5, 1))

    assert dead_attributes(phi) == (0, 2)
