"""Correlations of rows, against scipy, and where a row is flat."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from explainers.errors import ShapeError
from reasoned.judges.similarity import pearson_rows, picture_similarity, spearman_rows


def test_they_are_those_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, (6, 40)), rng.normal(size=(6, 40))
    for i, (pearson, spearman) in enumerate(
        zip(pearson_rows(a, b), spearman_rows(a, b), strict=True)
    ):
        assert pearson == pytest.approx(stats.pearsonr(a[i], b[i]).statistic)
        assert spearman == pytest.approx(stats.spearmanr(a[i], b[i]).statistic)


def test_flat_rows_are_like_each_other_and_like_nothing_else() -> None:
    a, b = (
        np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 2.0]]),
        np.array([[3.0, 3.0], [0.0, 1.0], [5, 7]]),
    )
    np.testing.assert_allclose(spearman_rows(a, b, batched=True), [1.0, 0.0, 1.0])
    np.testing.assert_allclose(pearson_rows(a, b), [0.0, 0.0, 1.0])


def test_columns_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ShapeError, match="b must have shape"):
        pearson_rows(np.zeros((2, 3)), np.zeros((3, 3)))


@settings(max_examples=30)
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True))
def test_ranks_do_not_change_by_a_rising_function(numbers: list[int]) -> None:
    picture = np.array(numbers, np.float64).reshape(1, 2, 2)
    assert picture_similarity(picture, np.exp(picture / 10) * 3)[0] == pytest.approx(1.0)
    assert picture_similarity(picture, -picture)[0] == pytest.approx(-1.0)
