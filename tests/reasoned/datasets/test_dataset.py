import numpy as np
import pytest

from explainers.arrays import BoolArray, IntArray
from explainers.errors import ShapeError
from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.errors import DataError


def made(labels: IntArray, test: BoolArray, groups: IntArray | None = None) -> ArrayDataset:
    pixels = np.zeros((len(labels), 1, 1, 1), np.uint8)
    return ArrayDataset("made", ("a", "b"), labels, test, groups, (pixels,))


def test_example_ids_count_within_their_split() -> None:
    found = made(np.array([0, 1, 0]), np.array([False, False, True]))

    assert [found.example_id(row) for row in range(len(found))] == [
        "train-000000",
        "train-000001",
        "test-000000",
    ]


def test_example_ids_without_a_test_split_and_with_nothing_else() -> None:
    assert made(np.array([0]), np.array([False])).example_id(0) == "image-000000"
    assert made(np.array([0]), np.array([True])).example_id(0) == "test-000000"


@pytest.mark.parametrize("row", [-1, 2])
def test_a_row_that_does_not_exist_has_no_id(row: int) -> None:
    with pytest.raises(IndexError, match=f"row must be 0 to 1, not {row}"):
        made(np.array([0, 1]), np.zeros(2, np.bool_)).example_id(row)


@pytest.mark.parametrize("labels", [[0, 2], [-1, 0]])
def test_labels_beyond_the_classes_are_refused(labels: list[int]) -> None:
    with pytest.raises(DataError, match=r"labels of made must lie in 0 to 1, .+ run from"):
        made(np.array(labels), np.zeros(2, np.bool_))


def test_test_rows_must_come_last() -> None:
    with pytest.raises(DataError, match="the test rows of made must come after all others"):
        made(np.array([0, 1]), np.array([True, False]))


def test_one_entry_per_image_is_wanted() -> None:
    with pytest.raises(ShapeError, match=r"official_test must have shape \(images=2\)"):
        made(np.array([0, 1]), np.zeros(3, np.bool_))
    with pytest.raises(ShapeError, match=r"groups must have shape \(images=2\)"):
        made(np.array([0, 1]), np.zeros(2, np.bool_), np.zeros(1, np.int64))
