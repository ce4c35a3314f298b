"""Bootstrap intervals beside drawing images one set at a time."""

import numpy as np
import pytest

from explainers.errors import ShapeError
from reasoned.evaluation.mixture_bootstrap import bootstrap


def test_it_is_drawing_images_again_and_again() -> None:
    rng = np.random.default_rng(0)
    # Two rankings on the same images: alike, so that only pairing tells them apart.
    first = rng.random(40)
    rows = np.column_stack([first, first - 0.02 + 0.01 * rng.random(40)])

    found = bootstrap(np.column_stack([rows, rows[:, 0] - rows[:, 1]]), rng, draws=8000)

    draws = np.random.default_rng(1).integers(40, size=(8000, 40))
    means = [rows[drawn].mean(axis=0) for drawn in draws]
    apart = [rows[drawn, 0].mean() - rows[drawn, 1].mean() for drawn in draws]
    low, high = np.percentile(np.column_stack([means, apart]), [2.5, 97.5], axis=0)
    # Two sets of 8,000 draws: their percentiles differ by a fiftieth of the interval or so.
    for end, wanted in ((found.low, low), (found.high, high)):
        assert np.all(np.abs(end - wanted) < 0.06 * (high - low))
    # Paired, the difference is known twenty times better than either mean.
    assert found.low[2] > 0
    assert (found.high - found.low)[2] < 0.05 * (found.high - found.low)[0]


def test_what_never_varies_has_no_width() -> None:
    found = bootstrap(np.tile([1.0, 0.0, 0.25], (7, 1)), np.random.default_rng(0))
    for one in (found.mean, found.low, found.high):
        np.testing.assert_allclose(one, [1.0, 0.0, 0.25], rtol=1e-12)


def test_it_covers_the_truth_as_often_as_it_says() -> None:
    rng, inside = np.random.default_rng(2), 0
    for _ in range(300):
        found = bootstrap((rng.random((60, 1)) < 0.4).astype(np.float64), rng, draws=400)
        inside += int(found.low[0] <= 0.4 <= found.high[0])
    # 95 % less what the percentile interval of 60 images falls short by, and chance.
    assert 0.90 <= inside / 300 <= 0.985


def test_a_single_column_must_be_a_column() -> None:
    with pytest.raises(ShapeError, match=r"values must have shape \(images, columns\)"):
        bootstrap(np.zeros(3), np.random.default_rng(0))
