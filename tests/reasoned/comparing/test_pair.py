"""Which images two models are compared on."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from reasoned.comparing.pair import CompareRequest, Pair, open_pair
from reasoned.errors import DataError, FolderError
from reasoned.fitting.own_splits import open_own_splits
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import seal


def _changed(folder: Path, target: Path, **update: object) -> Path:
    """Copy a model folder and change its manifest."""
    shutil.copytree(folder, target)
    manifest, _ = read_manifest(target)
    (target / MANIFEST).unlink()
    (target / DIGEST).unlink()
    seal(target, manifest.model_copy(update=update))
    return target


def test_the_test_split_of_both_is_taken(digits_folder: Path, pair: Pair) -> None:
    own = open_own_splits(digits_folder, "digits")

    assert pair.rows.tolist() == own.splits.test.tolist()
    assert pair.notes == ()
    np.testing.assert_array_equal(pair.images[2], own.dataset.image(int(own.splits.test[2])))
    assert [len(pair.images), len(pair.images[2:5])] == [len(own.splits.test), 3]


def test_so_many_images_are_drawn_as_are_asked_for(request_of_itself: CompareRequest) -> None:
    drawn = [
        open_pair(dataclasses.replace(request_of_itself, images=20, seed=seed)).rows.tolist()
        for seed in (1, 1, 2)
    ]

    assert drawn[0] == drawn[1] == sorted(set(drawn[0]))
    assert drawn[0] != drawn[2]


def test_a_fit_whose_splits_cannot_be_told_is_refused(
    digits_folder: Path, request_of_itself: CompareRequest, tmp_path: Path
) -> None:
    # Another seed shapes other splits; its representatives are then no longer train's.
    other = _changed(digits_folder, tmp_path / "other", seed=1)

    with pytest.raises(DataError, match="was fitted on other splits"):
        open_pair(dataclasses.replace(request_of_itself, after=other))


def test_a_model_of_other_data_is_compared_but_that_is_said(
    digits_folder: Path, request_of_itself: CompareRequest, tmp_path: Path
) -> None:
    manifest, _ = read_manifest(digits_folder)
    data = manifest.data.model_copy(update={"spec": "mnist", "sha256": "0" * 64})
    other = _changed(digits_folder, tmp_path / "other", data=data)

    found = open_pair(dataclasses.replace(request_of_itself, after=other))

    assert not found.same_data
    assert found.notes[0].startswith("B was fitted on mnist, not on this data: whether it has seen")
    with pytest.raises(DataError, match="give the data that the model was fitted on"):
        open_pair(dataclasses.replace(request_of_itself, before=other))


def test_other_classes_cannot_be_compared(
    digits_folder: Path, request_of_itself: CompareRequest, tmp_path: Path
) -> None:
    manifest, _ = read_manifest(digits_folder)
    other = _changed(digits_folder, tmp_path / "other", classes=manifest.classes[::-1])

    with pytest.raises(FolderError, match=r"the same classes in the same order, but .*other has 9"):
        open_pair(dataclasses.replace(request_of_itself, after=other))
