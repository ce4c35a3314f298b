"""Bounds tested group by group, against hand and library."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from explainers.errors import ShapeError
from reasoned.assessment.bounds import (
    LEVEL,
    STATEMENT,
    broken_share,
    groups_with_bounds,
    holm,
    p_value,
)
from tests.reasoned.assessment.small_answers import NAN, answers, columns


def test_a_group_is_what_was_promised_the_same_in_the_same_words() -> None:
    found = groups_with_bounds(
        answers(
            [0, 1, 0, 0, 1],
            group=["a", "a", "b", "a", "c"],
            promised=[(0.9, 0.8), (0.9, 0.8), (0.7, 0.5), (0.95, 0.9), (NAN, NAN)],
        )
    )

    # By hand: under 0.8, one of two or fewer come with 1 - 0.64; all of one always come.
    assert [(one.name, one.lower, one.agreed, one.of) for one in found] == [
        ("a", 0.8, 1, 2),
        ("a", 0.9, 1, 1),
        ("b", 0.5, 1, 1),
    ]
    np.testing.assert_allclose([one.p_value for one in found], [0.36, 1.0, 1.0], rtol=1e-12)
    assert [one.estimate for one in found] == [0.9, 0.95, 0.7]
    assert {one.kind for one in found} == {STATEMENT}
    assert not any(one.broken for one in found)


def test_the_regions_of_a_method_are_counted_per_status() -> None:
    column = columns([2, 2, 1, 0], ["leaf-1", "leaf-1", "leaf-1", ""], [0.5, 0.5, 0.4, NAN])
    found = groups_with_bounds(
        answers(
            [2, 2, 2, 2],
            predicted=[2, 2, 2, 2],
            status=["supported", "supported", "weak", "weak"],
            methods={"meta_forest": column},
        )
    )

    assert [(one.kind, one.name, one.agreed, one.of) for one in found] == [
        ("meta_forest", "leaf-1, supported", 2, 2),
        ("meta_forest", "leaf-1, weak", 0, 1),
    ]
    assert [one.estimate for one in found] == [None, None]


def test_a_bound_of_nothing_is_no_promise() -> None:
    assert groups_with_bounds(answers([1, 1], promised=[(0.5, 0.0), (0.5, 0.0)])) == ()
    assert broken_share(()) == 0.0


def test_a_bound_far_from_what_came_is_broken_and_its_neighbour_is_not() -> None:
    # 60 of 100 under 0.9 cannot be chance, 85 of 100 can.
    found = groups_with_bounds(
        answers(
            [0] * 60 + [1] * 40 + [0] * 85 + [1] * 15,
            group=["off"] * 100 + ["fair"] * 100,
            promised=[(0.92, 0.9)] * 200,
        )
    )

    assert {one.name: one.broken for one in found} == {"fair": False, "off": True}
    assert broken_share(found) == 0.5


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_probability_is_that_of_the_exact_test(
    agreed: int, disagreed: int, lower: float
) -> None:
    of = agreed + disagreed
    if of == 0:
        return
    expected = binomtest(agreed, of, lower, alternative="less").pvalue
    np.testing.assert_allclose(p_value(agreed, of, lower), expected, rtol=1e-9)


def test_holm_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.03, 0.2 against 0.05/4, 0.05/3, ...: the second fails, so the third too.
    found = holm(np.array([0.03, 0.01, 0.2, 0.02]), 0.05)

    assert found.tolist() == [False, True, False, False]
    assert holm(np.array([0.01, 0.01]), 0.05).tolist() == [True, True]
    assert holm(np.zeros(0), 0.05).tolist() == []


probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(probabilities, st.floats(0.001, 0.2))
def test_holm_rejects_what_bonferroni_rejects_and_nothing_above_the_level(
    values: list[float], level: float
) -> None:
    given_values = np.array(values)
    found = holm(given_values, level)

    assert found[given_values <= level / len(values)].all()
    assert not found[given_values > level].any()
    # The smaller one is rejected wherever the larger is.
    rejected = given_values[found]
    assert not found.any() or found[given_values <= rejected.max()].all()


@given(probabilities, st.floats(0.001, 0.1), st.data())
def test_holm_is_monotone_in_every_probability(
    values: list[float], level: float, data: st.DataObject
) -> None:
    given_values = np.array(values)
    smaller = given_values.copy()
    place = data.draw(st.integers(0, len(values) - 1))
    smaller[place] *= data.draw(st.floats(0, 1))

    assert holm(given_values, level).sum() <= holm(smaller, level).sum()
    assert holm(smaller, level)[place] >= holm(given_values, level)[place]


@given(st.permutations(range(5)), st.integers(0, 2**32 - 1))
def test_new_names_for_groups_change_nothing(order: Sequence[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    of = rng.integers(0, 5, 200)
    bounds = np.array([0.5, 0.6, 0.7, 0.8, 0.99])[of]
    names = rng.integers(0, 2, 200).tolist()
    promised = [(bound, bound) for bound in bounds.tolist()]

    plain = groups_with_bounds(answers(names, group=[f"g{g}" for g in of], promised=promised))
    renamed = groups_with_bounds(
        answers(names, group=[f"g{order[g]}" for g in of], promised=promised)
    )

    def said(found: object) -> set[tuple[object, ...]]:
        assert isinstance(found, tuple)
        return {(one.lower, one.agreed, one.of, one.p_value, one.broken) for one in found}

    assert said(plain) == said(renamed)
    assert any(one.broken for one in plain)  # 0.99 promised, a half kept


def test_probabilities_must_be_a_row() -> None:
    with pytest.raises(ShapeError, match=r"p_values must have shape \(groups\), not \(1, 2\)"):
        holm(np.zeros((1, 2)), LEVEL)
