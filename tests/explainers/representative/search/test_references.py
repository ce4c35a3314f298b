import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from explainers.representative.served.search import References


def test_the_reach_is_the_longest_of_the_points() -> None:
    points = np.zeros((5000, 2), dtype=np.float32)
    points[100] = [3.0, -4.0]

    references = References(points, np.zeros(5000, dtype=np.int64))

    assert references.reach == 5.0
    assert len(references) == 5000


def test_a_point_that_is_not_finite_is_refused_by_its_block() -> None:
    points = np.zeros((5000, 2), dtype=np.float32)
    points[4500, 1] = np.nan

    with pytest.raises(ArtefactError, match="references 4096 to 4999 must be finite"):
        References(points, np.zeros(5000, dtype=np.int64))


def test_predictions_of_other_images_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"predicted must have shape \(images=3\), not \(2,\)"):
        References(np.zeros((3, 2), dtype=np.float32), np.zeros(2, dtype=np.int64))
