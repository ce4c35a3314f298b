"""``reasoned verify``."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from explainers.status import StatusRule
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import seal
from tests.reasoned.cli.conftest import Run


@pytest.fixture
def copied(digits_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(digits_folder, tmp_path / "copied"))


def test_a_whole_folder_is_as_it_was_written(run: Run, digits_folder: Path) -> None:
    found = run("verify", digits_folder)
    assert (found.code, found.err) == (0, "")
    assert "32 replies are as they were written." in found.out

    record = run("verify", digits_folder, "--json").record
    assert (record["ok"], record["finding"], record["replies"]) == (True, None, 32)
    assert record["sha256"] == (digits_folder / DIGEST).read_text()[:64]
    assert record["files"] == len(list(digits_folder.rglob("*.*"))) - 2


@pytest.mark.parametrize("name", ["network.onnx", "methods/meta_forest.json", MANIFEST, DIGEST])
def test_a_changed_file_is_a_finding_by_its_name(run: Run, copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(bytes(data))
    found = run("verify", copied)

    assert (found.code, found.out) == (1, "")
    assert name in found.err
    assert "was changed" in found.err


def test_another_reply_is_a_finding_though_every_digest_agrees(run: Run, copied: Path) -> None:
    # As from a library that computes something else: sealed anew after the replies.
    rule = StatusRule.load(copied)
    never = {key: dataclasses.replace(one, entries=()) for key, one in rule.lists.items()}
    dataclasses.replace(rule, lists=never).save(copied)
    manifest, _ = read_manifest(copied)
    (copied / MANIFEST).unlink()
    (copied / DIGEST).unlink()
    seal(copied, manifest)
    found = run("verify", copied)

    assert (found.code, found.err) == (1, "")
    assert "self-test " in found.out
    assert "reply.explanation" in found.out
    record = run("verify", copied, "--json")
    assert (record.code, record.record["ok"]) == (1, False)
    assert record.record["finding"] in found.out


def test_a_folder_that_holds_no_model_is_a_finding(run: Run, tmp_path: Path) -> None:
    found = run("verify", tmp_path)

    assert found.code == 1
    assert "is not a model folder" in found.err
