import numpy as np
import pytest

from explainers.mixture.fitting.gate import NEVER, Gate, fit_gate, gated


def test_it_learns_which_side_an_image_is_on() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(400, 3)) * [1.0, 100.0, 0.01]
    assigned = (inputs[:, 1] > 30.0).astype(np.int64)

    gate = fit_gate(inputs, assigned, np.ones(400), 2)

    found = gate.responsibilities(inputs)
    assert (found.argmax(axis=1) == assigned).mean() > 0.98
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_three_components_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    assigned = rng.integers(0, 3, size=300)
    inputs = np.eye(3)[assigned] + 0.1 * rng.normal(size=(300, 3))

    found = fit_gate(inputs, assigned, np.ones(300), 3).responsibilities(inputs)

    assert (found.argmax(axis=1) == assigned).all()


def test_a_component_without_rows_never_answers() -> None:
    inputs = np.random.default_rng(0).normal(size=(50, 2))

    gate = fit_gate(inputs, np.full(50, 1), np.ones(50), 3)

    np.testing.assert_array_equal(gate.bias, [NEVER, 0.0, NEVER])
    np.testing.assert_array_equal(gate.responsibilities(inputs)[0], [0.0, 1.0, 0.0])


def test_two_of_three_components_keep_their_places() -> None:
    inputs = np.array([[-1.0], [-2.0], [1.0], [2.0]] * 5)
    assigned = np.array([0, 0, 2, 2] * 5)

    found = fit_gate(inputs, assigned, np.ones(20), 3).responsibilities(inputs)

    np.testing.assert_array_equal(found.argmax(axis=1), assigned)
    np.testing.assert_array_equal(found[:, 1], 0.0)


def test_rows_that_weigh_more_count_more() -> None:
    inputs = np.zeros((100, 1))
    assigned = np.repeat([0, 1], 50)
    weights = np.where(assigned == 0, 9.0, 1.0)

    found = fit_gate(inputs, assigned, weights, 2).responsibilities(inputs[:1])

    assert found[0, 0] == pytest.approx(0.9, abs=0.01)


def test_responsibilities_by_hand() -> None:
    gate = Gate(np.array([[1.0], [0.0]]), np.array([0.0, np.log(3.0)]))

    np.testing.assert_allclose(gate.responsibilities(np.array([[0.0]])), [[0.25, 0.75]])


def test_a_dominant_component_answers_alone_and_others_are_weighted() -> None:
    predictions = np.array([[10.0, 0.0], [10.0, 0.0], [10.0, 0.0]])
    responsibilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.1, 0.9]])

    np.testing.assert_allclose(gated(predictions, responsibilities, 0.8), [10.0, 6.0, 0.0])
