"""The manifest as a record."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import FileRecord, Manifest


def test_it_survives_json(digits_folder: Path) -> None:
    manifest, _ = read_manifest(digits_folder)

    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest


def test_it_says_what_the_model_is(digits_folder: Path) -> None:
    found, _ = read_manifest(digits_folder)

    assert found.classes == tuple("0123456789")
    assert found.network.trained_here
    assert found.network.export_max_logit_difference is not None
    assert found.network.export_max_logit_difference <= 1e-4
    assert found.network.export_images == 256
    assert found.preprocessing_max_difference == 0.0
    data = found.data
    assert data.train + data.validation + data.calibration + data.test == 1797
    assert (data.calibration_source, data.calibration_seen) == ("a split of the data", "held_out")
    assert {"python", "torch", "numpy", "onnxruntime"} <= set(found.libraries)
    assert set(found.methods) == {"meta_forest", "additive"}


def test_it_neither_changes_nor_takes_more(digits_folder: Path) -> None:
    manifest, _ = read_manifest(digits_folder)
    with pytest.raises(ValidationError, match="frozen"):
        manifest.name = "other"  # type: ignore[misc]  # that it cannot is the test
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        FileRecord.model_validate({"sha256": "0" * 64, "size": 1, "mode": 0o755})


@pytest.mark.parametrize(("sha256", "size"), [("0" * 63, 1), ("G" * 64, 1), ("0" * 64, -1)])
def test_a_record_must_be_a_digest_and_a_size(sha256: str, size: int) -> None:
    with pytest.raises(ValidationError):
        FileRecord(sha256=sha256, size=size)
