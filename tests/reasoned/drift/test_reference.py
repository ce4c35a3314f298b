"""The reference of a model folder."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reasoned.drift.reference import PLACE, Reference, write_reference
from reasoned.errors import FolderError
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import seal
from reasoned.model import ExplainedModel
from tests.reasoned.drift.planted import REFERENCE, record


def written(folder: Path, change: dict[str, Any]) -> Path:
    (folder / PLACE).parent.mkdir(exist_ok=True)
    found = record().model_dump(mode="json") | change
    (folder / PLACE).write_text(json.dumps(found), encoding="utf-8")
    return folder


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_reference(tmp_path, record())
    found = Reference.read(tmp_path, "m", ("cat", "dog"))

    assert found is not None
    assert (found.record, found.model) == (record(), "m")
    assert len(found.digest) == 64


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert Reference.read(tmp_path, "m", ("cat", "dog")) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version is wrong"),
        ({"more": 1}, "more is wrong"),
        ({"families": []}, "families is wrong"),
        ({"distance_limits": [1.0, -1.0]}, "distance_limits.1 is wrong"),
        ({"distance_limits": [1.0]}, "each class must have one limit"),
        ({"confidence_bins": [1] * 9}, "confidence_bins is wrong"),
        ({"distance_deciles": [[9, 8, 7, 6, 5, 4, 3, 2, 1]] * 2}, "deciles of distances must rise"),
        ({"families": [{"name": "a", "kind": None, "members": []}]}, "families.0.members"),
        ({"error": 0.0}, "error is wrong"),
    ],
)
def test_what_is_no_reference_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(FolderError, match=f"{said}.*measure it again"):
        Reference.read(written(tmp_path, change), "m", ("cat", "dog"))


@pytest.mark.parametrize("bound", [0.0, 1.0, -0.1])
def test_a_bound_lies_between_0_and_1(tmp_path: Path, bound: float) -> None:
    found = record().model_dump(mode="json")["families"]
    found[0]["members"][0]["bound"] = bound
    with pytest.raises(FolderError, match="bound is wrong"):
        Reference.read(written(tmp_path, {"families": found}), "m", ("cat", "dog"))


def test_two_families_of_one_name_and_a_member_twice_are_refused(tmp_path: Path) -> None:
    found = record().model_dump(mode="json")["families"]
    with pytest.raises(FolderError, match="two families have one name"):
        Reference.read(written(tmp_path, {"families": [*found, found[0]]}), "m", ("cat", "dog"))
    found[0]["members"] *= 2
    with pytest.raises(FolderError, match="has a member twice"):
        Reference.read(written(tmp_path, {"families": found}), "m", ("cat", "dog"))


def test_other_classes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="of the classes cat, dog, but this one has dog, cat"):
        Reference.read(written(tmp_path, {}), "m", ("dog", "cat"))


def test_ranks_are_tenths() -> None:
    # The deciles of class 0 are 0.2, 0.4, ..., 1.8.
    assert [REFERENCE.rank(0, d) for d in (0.0, 0.2, 0.21, 1.8, 99.0)] == [0.1, 0.1, 0.2, 0.9, 1.0]
    assert REFERENCE.rank(1, 0.21) == 0.1


def test_a_fitted_model_has_one_and_an_older_folder_none(
    digits_folder: Path, digits_model: ExplainedModel, tmp_path: Path
) -> None:
    found = digits_model.reference
    assert found is not None
    assert found == Reference.load(digits_folder)
    assert found.model == digits_model.sha256

    old = Path(shutil.copytree(digits_folder, tmp_path / "old"))
    for name in (PLACE, MANIFEST, DIGEST):
        (old / name).unlink()
    seal(old, read_manifest(digits_folder)[0])
    assert ExplainedModel.load(old).reference is None
    assert Reference.load(old) is None
