import numpy as np
import pytest

from explainers.meta_forest.served.forest import BitForest
from tests.explainers.meta_forest.worked import fields


def forest() -> BitForest:
    found = fields()
    return BitForest(
        found["forest_features"],
        found["forest_thresholds"],
        found["forest_masks"],
        found["forest_shares"],
    )


@pytest.mark.parametrize(
    ("row", "leaves"),
    [
        ([-7, -5, 2], [0, 1]),
        ([-6, -5, 1], [0, 0]),  # a threshold itself goes left
        ([0, 5, 2], [1, 2]),
        ([0, 5, 0], [1, 0]),
    ],
)
def test_the_walk_worked_by_hand(row: list[float], leaves: list[int]) -> None:
    assert forest().leaves(np.array(row, dtype=np.float32)).tolist() == leaves


def test_the_vote_worked_by_hand() -> None:
    row = np.array([-7, -5, 2], dtype=np.float32)

    np.testing.assert_allclose(forest().votes(row), np.array([306, 51, 153, 0]) / 510, rtol=1e-12)
