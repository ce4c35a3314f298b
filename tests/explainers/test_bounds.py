import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.bounds import clopper_pearson_lower, clopper_pearson_lowers


def _tail(agreed: int, of: int, share: float) -> float:
    """The probability of `agreed` or more, term by term."""
    return math.fsum(
        math.comb(of, k) * share**k * (1.0 - share) ** (of - k) for k in range(agreed, of + 1)
    )


@pytest.mark.parametrize("of", [1, 2, 20, 299, 5000])
def test_where_all_agree_the_bound_has_a_closed_form(of: int) -> None:
    assert clopper_pearson_lower(of, of) == pytest.approx(0.05 ** (1 / of), rel=1e-12)


@pytest.mark.parametrize("of", [1, 20, 5000])
def test_where_one_agrees_the_bound_has_a_closed_form(of: int) -> None:
    assert clopper_pearson_lower(1, of) == pytest.approx(1 - 0.95 ** (1 / of), rel=1e-9)


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(1, of), st.just(of))))
def test_at_the_bound_so_many_come_with_five_per_cent(counts: tuple[int, int]) -> None:
    agreed, of = counts

    assert _tail(agreed, of, clopper_pearson_lower(agreed, of)) == pytest.approx(0.05, rel=1e-8)


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of - 1), st.just(of))))
def test_the_bound_grows_with_agreement_and_stays_below_the_share(counts: tuple[int, int]) -> None:
    agreed, of = counts

    assert clopper_pearson_lower(agreed, of) <= agreed / of
    assert clopper_pearson_lower(agreed, of) < clopper_pearson_lower(agreed + 1, of)


def test_where_nothing_agreed_nothing_is_promised() -> None:
    assert clopper_pearson_lower(0, 0) == clopper_pearson_lower(0, 50) == 0.0


def test_another_level_may_be_asked() -> None:
    assert clopper_pearson_lower(10, 10, level=0.99) == pytest.approx(0.01**0.1)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99999])
def test_many_at_once_are_each_as_alone(level: float) -> None:
    of = np.random.default_rng(0).integers(0, 3000, 50)
    agreed = np.random.default_rng(1).integers(0, of + 1)
    agreed[:5], of[5:8], agreed[5:8] = 0, 0, 0
    expected = [
        clopper_pearson_lower(k, n, level)
        for k, n in zip(agreed.tolist(), of.tolist(), strict=True)
    ]

    np.testing.assert_array_equal(clopper_pearson_lowers(agreed, of, level), expected)
    assert len(clopper_pearson_lowers(agreed[:0], of[:0], level)) == 0
