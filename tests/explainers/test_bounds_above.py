"""Upper confidence bounds: against definitions, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from explainers.bounds import chernoff_upper, clopper_pearson_lower, clopper_pearson_upper


@given(st.integers(1, 400), st.floats(1e-6, 0.2), st.data())
def test_so_few_would_come_with_the_error_only(of: int, error: float, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of - 1))
    bound = clopper_pearson_upper(count, of, error)
    assert binom.cdf(count, of, bound) == pytest.approx(error, rel=1e-6)


@given(st.integers(1, 200), st.data())
def test_it_is_the_lower_bound_of_the_others(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    lower = clopper_pearson_lower(of - count, of, 0.99)
    assert clopper_pearson_upper(count, of, 0.01) == pytest.approx(1.0 - lower, abs=1e-9)


def test_none_of_n_by_hand() -> None:
    # (1 - m)^n = error.
    assert clopper_pearson_upper(0, 50, 0.001) == pytest.approx(1 - 0.001 ** (1 / 50), rel=1e-9)
    assert clopper_pearson_upper(7, 7, 0.001) == 1.0


@given(st.floats(0.0, 1.0), st.integers(1, 10_000), st.floats(1e-6, 0.2))
def test_the_relative_entropy_is_just_reached(mean: float, of: int, error: float) -> None:
    bound = chernoff_upper(mean, of, error)
    assert mean <= bound <= 1.0
    if bound < 1.0 - 1e-9:
        rest = (1 - mean) * math.log((1 - mean) / (1 - bound))
        first = mean * math.log(mean / bound) if mean > 0.0 else 0.0
        assert first + rest == pytest.approx(math.log(1 / error) / of, rel=1e-4)


def test_a_mean_of_numbers_is_seldom_above_its_bound() -> None:
    rng = np.random.default_rng(0)
    means = rng.beta(8.0, 2.0, (2000, 100)).mean(axis=1)
    above = sum(chernoff_upper(float(mean), 100, 0.05) < 0.8 for mean in means)
    assert above / 2000 <= 0.05
