"""A model folder is loaded only where every byte is the one that was written."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from reasoned.errors import FolderError
from reasoned.folder.checking import check_files, digest, list_files, read_manifest, record_files
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import seal
from reasoned.model import ExplainedModel


def tampered(path: Path, data: bytes, folder: Path, rng: np.random.Generator) -> None:
    """Change one byte of a file, and see the folder refused by the file's name."""
    changed = bytearray(data)
    changed[rng.integers(len(data))] ^= int(rng.integers(1, 256))
    path.write_bytes(bytes(changed))
    with pytest.raises(FolderError, match=re.escape(path.name)):
        ExplainedModel.load(folder)


def test_any_single_changed_byte_is_refused_by_the_files_name(copied: Path) -> None:
    rng = np.random.default_rng(3)
    files = list_files(copied)
    assert len(files) >= 15
    for name in files:
        path = copied / name
        data = path.read_bytes()
        for _ in range(10):
            tampered(path, data, copied, rng)
        path.write_bytes(data)
    ExplainedModel.load(copied)


def test_every_byte_of_the_manifest_and_of_its_digest_counts(copied: Path) -> None:
    for name, step in ((MANIFEST, 101), (DIGEST, 1)):
        data = (copied / name).read_bytes()
        for position in range(0, len(data), step):
            changed = bytearray(data)
            changed[position] ^= 0x80 if position % 2 else 1
            (copied / name).write_bytes(bytes(changed))
            with pytest.raises(FolderError, match=re.escape(name)):
                read_manifest(copied)
        (copied / name).write_bytes(data)


@pytest.mark.parametrize("added", [b"\n", b" x", b"\0"])
def test_an_added_byte_is_refused_by_the_files_name(copied: Path, added: bytes) -> None:
    for name in list_files(copied):
        path = copied / name
        data = path.read_bytes()
        path.write_bytes(data + added)
        with pytest.raises(FolderError, match=re.escape(path.name)):
            ExplainedModel.load(copied)
        path.write_bytes(data)


def test_a_missing_file_is_named(copied: Path) -> None:
    for name in list_files(copied):
        path = copied / name
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(FolderError, match=re.escape(path.name)):
            ExplainedModel.load(copied)
        path.write_bytes(data)


@pytest.mark.parametrize("name", ["extra.txt", "methods/lime.json", ".hidden", "new/deep/file"])
def test_an_extra_file_is_named(copied: Path, name: str) -> None:
    (copied / name).parent.mkdir(parents=True, exist_ok=True)
    (copied / name).write_bytes(b"")

    with pytest.raises(FolderError, match=f"{re.escape(name)} is not in the manifest; remove it"):
        ExplainedModel.load(copied)


def test_a_link_is_refused_even_where_it_leads_to_the_same_bytes(copied: Path) -> None:
    kept = copied.parent / "network.onnx"
    (copied / "network.onnx").rename(kept)
    (copied / "network.onnx").symlink_to(kept)

    with pytest.raises(FolderError, match=r"network\.onnx is neither a file nor a folder; remove"):
        ExplainedModel.load(copied)


def test_a_linked_folder_within_is_refused(copied: Path) -> None:
    (copied / "methods").rename(copied.parent / "methods")
    (copied / "methods").symlink_to(copied.parent / "methods")

    with pytest.raises(FolderError, match="methods is neither a file nor a folder"):
        ExplainedModel.load(copied)


def test_a_device_is_refused(copied: Path) -> None:
    os.mkfifo(copied / "pipe")

    with pytest.raises(FolderError, match="pipe is neither a file nor a folder"):
        ExplainedModel.load(copied)


@pytest.mark.parametrize("name", [MANIFEST, DIGEST])
def test_an_empty_folder_is_no_model(tmp_path: Path, name: str) -> None:
    if name == DIGEST:
        (tmp_path / MANIFEST).write_text("{}")

    with pytest.raises(FolderError, match=f"is not a model folder: .*{name}.*; make one with"):
        ExplainedModel.load(tmp_path)


def resealed(folder: Path, text: str) -> None:
    data = text.encode()
    (folder / MANIFEST).write_bytes(data)
    (folder / DIGEST).write_text(f"{digest(data)}  {MANIFEST}\n")


@pytest.mark.parametrize("version", ["1", "2", "99", '"1"', "null"])
def test_a_future_schema_is_refused_with_the_way_out(copied: Path, version: str) -> None:
    text = (copied / MANIFEST).read_text()
    resealed(copied, text.replace('"schema_version": 3', f'"schema_version": {version}, "x": 0'))

    words = "but this release reads 3; install the release that wrote it, or fit the model again"
    with pytest.raises(FolderError, match=rf"manifest\.json has schema version .*, {words}"):
        ExplainedModel.load(copied)


def test_an_unknown_or_wrong_field_is_named(copied: Path) -> None:
    text = (copied / MANIFEST).read_text()
    resealed(copied, text.replace('"schema_version": 3,', '"schema_version": 3, "extra": 0,'))
    with pytest.raises(FolderError, match=r"manifest\.json: extra is wrong: Extra inputs"):
        ExplainedModel.load(copied)

    resealed(copied, text.replace('"seed": 0', '"seed": "many"'))
    with pytest.raises(FolderError, match=r"manifest\.json: seed is wrong: .*valid integer"):
        ExplainedModel.load(copied)


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff"])
def test_a_manifest_that_is_no_object_is_refused(copied: Path, text: str) -> None:
    resealed(copied, text)

    with pytest.raises(FolderError, match=r"manifest\.json"):
        ExplainedModel.load(copied)


def test_a_record_that_leads_out_of_the_folder_is_missing(copied: Path) -> None:
    text = (copied / MANIFEST).read_text()
    resealed(copied, text.replace('"network.onnx"', '"../copied/network.onnx"'))

    with pytest.raises(FolderError, match=r"\.\./copied/network\.onnx is missing"):
        ExplainedModel.load(copied)


def test_an_unknown_method_is_refused_with_those_there_are(copied: Path) -> None:
    manifest, _ = read_manifest(copied)
    (copied / MANIFEST).unlink()
    (copied / DIGEST).unlink()
    seal(copied, manifest.model_copy(update={"methods": {**manifest.methods, "lime": {}}}))

    words = r"packages \['lime'\], but this release serves \['meta_forest', .*'additive'\]"
    with pytest.raises(FolderError, match=words):
        ExplainedModel.load(copied)


def test_stored_arrays_that_do_not_fit_are_refused_though_the_digests_agree(copied: Path) -> None:
    # A folder that was sealed anew passes the digests; bounds are checked all the same.
    manifest, _ = read_manifest(copied)
    shutil.copy(
        copied / "methods" / "additive.safetensors", copied / "methods" / "meta_forest.safetensors"
    )
    (copied / MANIFEST).unlink()
    (copied / DIGEST).unlink()
    seal(copied, manifest)

    with pytest.raises(FolderError, match="meta_forest must hold"):
        ExplainedModel.load(copied)


def test_what_is_recorded_is_what_is_checked(tmp_path: Path, digits_folder: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"abc")
    found = record_files(tmp_path)

    # From FIPS 180-2.
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert {name: (one.sha256, one.size) for name, one in found.items()} == {"a/b": (sha, 3)}
    check_files(digits_folder, read_manifest(digits_folder)[0])
