"""The images that an assessment looks at."""

from pathlib import Path

import numpy as np
import pytest

from reasoned.assessment.unseen import Unseen, open_unseen
from reasoned.errors import DataError
from reasoned.fitting.own_splits import open_own_splits


@pytest.fixture(scope="module")
def unseen(digits_folder: Path) -> Unseen:
    return open_unseen(digits_folder, "digits")


def test_only_the_test_split_is_read(unseen: Unseen, digits_folder: Path) -> None:
    own = open_own_splits(digits_folder, "digits")

    assert unseen.images.rows.tolist() == own.splits.test.tolist()
    assert unseen.labels.tolist() == own.dataset.labels[own.splits.test].tolist()
    for split in (own.splits.train, own.splits.validation, own.splits.calibration):
        assert not set(unseen.images.rows.tolist()) & set(split.tolist())
    first = int(own.splits.test[0])
    np.testing.assert_array_equal(unseen.images[0], own.dataset.image(first))
    assert unseen.ids[0] == own.dataset.example_id(first)


def test_some_are_chosen_by_the_seed(unseen: Unseen) -> None:
    some, again, other = (unseen.some(10, seed) for seed in (0, 0, 1))

    assert len(some) == len(some.images) == len(some.labels) == len(some.ids) == 10
    assert some.ids == again.ids != other.ids
    assert set(some.ids) < set(unseen.ids)
    dataset = unseen.images.dataset
    assert some.labels.tolist() == dataset.labels[some.images.rows].tolist()
    assert unseen.some(10**6, 0).ids == unseen.ids


def test_images_are_a_sequence(unseen: Unseen) -> None:
    part = unseen.images[2:5]

    assert len(part) == 3
    np.testing.assert_array_equal(part[0], unseen.images[2])
    assert len([*part]) == 3  # and ends


def test_other_data_is_refused(digits_folder: Path) -> None:
    with pytest.raises(DataError, match="--groups goes by file names"):
        open_unseen(digits_folder, "digits", groups="(x)")
