"""The adjusted Rand index, beside scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from reasoned.comparing.rand_index import rand_index

regions = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1)


@settings(max_examples=40)
@given(regions)
def test_it_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    before, after = np.array(pairs).T

    found = rand_index(before, after, np.random.default_rng(0))

    assert found.value == pytest.approx(adjusted_rand_score(before, after))


def test_images_drawn_by_pairs_of_regions_are_images_drawn_one_by_one() -> None:
    rng = np.random.default_rng(1)
    before = rng.integers(0, 5, 500)
    after = np.where(rng.random(500) < 0.8, before, rng.integers(0, 5, 500))
    drawn = [rng.integers(0, 500, 500) for _ in range(300)]
    wanted = np.percentile([adjusted_rand_score(before[i], after[i]) for i in drawn], [2.5, 97.5])

    found = rand_index(before, after, rng)

    assert [found.low, found.high] == pytest.approx(wanted.tolist(), abs=0.015)
    assert found.low < found.value < found.high
