"""A folder appears whole or not at all."""

import shutil
from pathlib import Path

import pytest

from reasoned.errors import FolderError
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import check_target, new_folder, seal
from reasoned.model import ExplainedModel


@pytest.fixture
def old(tmp_path: Path) -> Path:
    target = tmp_path / "models" / "old"
    with new_folder(target, replace=False) as folder:
        (folder / MANIFEST).write_text("old")
    return target


def test_what_the_block_wrote_becomes_the_folder(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "model"
    with new_folder(target, replace=False) as folder:
        (folder / "file").write_text("new")
        assert not target.exists()
        assert folder.parent.parent == target.parent  # on the same file system

    assert (target / "file").read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_the_block_leaves_the_old_model_and_nothing_else(
    old: Path, kind: type[BaseException]
) -> None:
    def fit() -> None:
        with new_folder(old, replace=True) as folder:
            (folder / MANIFEST).write_text("half")
            raise kind

    with pytest.raises(kind):
        fit()

    assert (old / MANIFEST).read_text() == "old"
    assert list(old.parent.iterdir()) == [old]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_a_first_fit_that_fails_leaves_nothing(tmp_path: Path, kind: type[BaseException]) -> None:
    def fit() -> None:
        with new_folder(tmp_path / "models" / "new", replace=False) as folder:
            (folder / "file").write_text("half")
            raise kind

    with pytest.raises(kind):
        fit()

    assert list((tmp_path / "models").iterdir()) == []


def test_an_old_model_is_back_where_the_last_step_fails(old: Path) -> None:
    def fit() -> None:
        with new_folder(old, replace=True) as folder:
            shutil.rmtree(folder)  # so that it cannot be moved to its place

    with pytest.raises(FileNotFoundError):
        fit()

    assert (old / MANIFEST).read_text() == "old"
    assert list(old.parent.iterdir()) == [old]


def test_replace_puts_the_new_model_in_place_of_the_old(old: Path) -> None:
    (old / "only-in-the-old").write_text("old")
    with new_folder(old, replace=True) as folder:
        (folder / MANIFEST).write_text("new")

    assert [path.name for path in old.iterdir()] == [MANIFEST]
    assert (old / MANIFEST).read_text() == "new"
    assert list(old.parent.iterdir()) == [old]


def test_a_model_is_kept_unless_told_to_replace_it(old: Path) -> None:
    words = "old holds a model; pass --replace, or choose another --out"
    with pytest.raises(FolderError, match=words):
        check_target(old, replace=False)
    with pytest.raises(FolderError, match=words), new_folder(old, replace=False):
        pytest.fail("the block must not be entered")

    check_target(old, replace=True)
    assert (old / MANIFEST).read_text() == "old"


@pytest.mark.parametrize("replace", [False, True])
def test_what_is_no_model_is_never_replaced(tmp_path: Path, *, replace: bool) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "file").write_text("mine")
    for name in ("photos", "file"):
        with pytest.raises(FolderError, match=f"{name} exists and is not a model folder; choose"):
            check_target(tmp_path / name, replace=replace)
    check_target(tmp_path / "free", replace=replace)


def test_a_place_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    words = "file/model cannot be made: .*; choose another --out"
    with (
        pytest.raises(FolderError, match=words),
        new_folder(tmp_path / "file" / "model", replace=False),
    ):
        pytest.fail("the block must not be entered")


def test_sealing_twice_gives_the_same_bytes(tmp_path: Path, digits_folder: Path) -> None:
    manifest, sha256 = read_manifest(digits_folder)
    copied = Path(shutil.copytree(digits_folder, tmp_path / "copied"))
    (copied / MANIFEST).unlink()
    (copied / DIGEST).unlink()
    seal(copied, manifest)

    for name in (MANIFEST, DIGEST):
        assert (copied / name).read_bytes() == (digits_folder / name).read_bytes()
    assert ExplainedModel.load(copied).sha256 == sha256
    assert (copied / DIGEST).read_text() == f"{sha256}  {MANIFEST}\n"


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"cannot be made: .*File name too long"):
        check_target(tmp_path / ("x" * 300), replace=False)
