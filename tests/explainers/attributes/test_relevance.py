"""Relevances and what is counted from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers.arrays import DoubleArray
from explainers.attributes.served.relevance import (
    TAUS,
    class_relevances,
    conciseness,
    contributions,
    exclusivity,
    relevances,
)

ALPHAS = arrays(np.float64, (6, 5), elements=st.floats(-1e3, 1e3, allow_subnormal=False))
# Phi = (2, 0, 1) and w = (1, 5, -4): contributions 2, 0, -4, the largest of them -4.
BY_HAND = np.array([[0.5, 0.0, -1.0]])


def test_the_hand_example() -> None:
    phi = np.array([[2, 0, 1]], np.float32)
    weights = np.array([[9, 9, 9], [1, 5, -4]], np.float32)
    alpha = contributions(phi, weights, np.array([1]))

    np.testing.assert_array_equal(alpha, [[2, 0, -4]])
    np.testing.assert_array_equal(relevances(alpha), BY_HAND)


@pytest.mark.parametrize(("tau", "signed", "absolute"), [(1.5, 0, 1), (5, 1, 2), (2, 0, 1)])
def test_the_hand_example_is_concise(tau: float, signed: int, absolute: int) -> None:
    assert conciseness(BY_HAND, tau) == signed
    assert conciseness(BY_HAND, tau, absolute=True) == absolute


def test_no_contribution_is_no_relevance() -> None:
    found = relevances(np.array([[0.0, 0.0], [0.0, 3.0]]))

    np.testing.assert_array_equal(found, [[0, 0], [0, 1]])


def test_contributions_and_bias_add_up_to_the_logit() -> None:
    rng = np.random.default_rng(0)
    phi = rng.gamma(1.0, 3.0, (40, 25)).astype(np.float32)
    weights = rng.normal(size=(10, 25)).astype(np.float32)
    bias = rng.normal(size=10).astype(np.float32)
    logits = phi @ weights.T + bias
    c = logits.argmax(axis=1)

    total = contributions(phi, weights, c).sum(axis=1) + bias[c]
    # float32 sums of 25 products of up to some tens.
    np.testing.assert_allclose(total, logits[np.arange(40), c], rtol=0, atol=1e-4)


@given(ALPHAS)
def test_relevances_lie_between_minus_one_and_one_and_one_of_them_reaches_it(
    alpha: DoubleArray,
) -> None:
    found = relevances(alpha)

    assert (np.abs(found) <= 1).all()
    some = np.abs(alpha).max(axis=1) > 0
    np.testing.assert_array_equal(np.abs(found).max(axis=1), some.astype(float))
    assert (np.sign(found[np.abs(found) > 0]) == np.sign(alpha[np.abs(found) > 0])).all()


@given(ALPHAS)
def test_more_attributes_count_as_tau_grows(alpha: DoubleArray) -> None:
    r = relevances(alpha)
    signed = [conciseness(r, tau) for tau in TAUS]
    absolute = [conciseness(r, tau, absolute=True) for tau in TAUS]

    assert signed == sorted(signed)
    assert absolute == sorted(absolute)
    assert all(one <= other for one, other in zip(signed, absolute, strict=True))


@given(ALPHAS, arrays(np.int64, 6, elements=st.integers(0, 2)), arrays(np.bool_, 6))
def test_the_global_table_is_that_of_a_plain_loop(
    alpha: DoubleArray, classes: np.ndarray, counted: np.ndarray
) -> None:
    r = relevances(alpha)
    found = class_relevances(r, classes, counted, 4)

    for c in range(4):
        rows = [r[i] for i in range(6) if classes[i] == c and counted[i]]
        expected = np.mean(rows, axis=0) if rows else np.zeros(5)
        np.testing.assert_allclose(found[c], expected, rtol=1e-12, atol=1e-12)


def test_class_logits_and_shared_attributes_are_told_apart() -> None:
    table = np.array([[1.0, 0.1, 0.0], [0.7, 0.6, 0.3], [0.0, 0.0, 0.0]])
    gaps, used, served = exclusivity(table, 0.2)

    np.testing.assert_allclose(gaps, [0.9, 0.1, 0.0])
    assert used.tolist() == [1, 3, 0]
    assert served.tolist() == [2, 1, 1]


def test_a_dictionary_of_one_has_no_second() -> None:
    gaps, used, served = exclusivity(np.array([[0.8], [0.1]]), 0.2)

    np.testing.assert_array_equal(gaps, [0.8, 0.1])
    assert (used.tolist(), served.tolist()) == ([1, 0], [1])
