"""The preprocessed images of a split."""

from pathlib import Path

import numpy as np
import pytest

from explainers.fitting_contract import silent
from reasoned.datasets.digits import open_digits
from reasoned.errors import DataError
from reasoned.fitting.pixels import new_map, prepare_pixels
from reasoned.images.preprocessing import Preprocessing


def test_each_row_is_what_the_preprocessing_makes_of_its_image(tmp_path: Path) -> None:
    dataset = open_digits()
    given = Preprocessing(height=9, width=7, channels=3, mean=(0.5,) * 3, std=(0.25,) * 3)
    rows = np.array([1796, 3, 3, 500])
    found = prepare_pixels(dataset, rows, given, tmp_path / "train.npy", silent)

    assert isinstance(found, np.memmap)
    assert found.shape == (4, 3, 9, 7)
    for row, pixels in zip(rows.tolist(), found, strict=True):
        np.testing.assert_array_equal(pixels, given.apply(dataset.image(row)))


def test_too_much_scratch_disk_is_refused_before_any_is_taken(tmp_path: Path) -> None:
    words = (
        r"train\.npy would take 29 GiB of scratch disk, and at most 16 GiB are used; give fewer "
        "images or a smaller --size"
    )
    with pytest.raises(DataError, match=words):
        new_map(tmp_path / "train.npy", (50_000, 3, 224, 224 + 4))
    assert list(tmp_path.iterdir()) == []
