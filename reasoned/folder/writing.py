"""Write a folder beside its place and move it there whole."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reasoned.errors import FolderError
from reasoned.folder.checking import digest, digest_line, record_files
from reasoned.folder.manifest import DIGEST, MANIFEST, Manifest


def check_target(target: Path, *, replace: bool) -> None:
    """Raise `FolderError` where `new_folder` would refuse, before any long work."""
    try:
        there = target.exists()
    except OSError as error:  # a name that is too long, or a folder that may not be read
        raise FolderError(f"{target} cannot be made: {error}; choose another --out") from error
    if not there:
        return
    if not (target / MANIFEST).is_file():
        raise FolderError(f"{target} exists and is not a model folder; choose another --out")
    if not replace:
        raise FolderError(f"{target} holds a model; pass --replace, or choose another --out")


@contextlib.contextmanager
def new_folder(target: Path, *, replace: bool) -> Iterator[Path]:
    """Give an empty folder that becomes `target` when the block ends without an error.

    Whatever ends the block otherwise, a Ctrl-C too, leaves `target` as it was.
    """
    check_target(target, replace=replace)
    with placed_whole(target) as made:
        yield made


@contextlib.contextmanager
def placed_whole(target: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `target` when the block ends well.

    Raises
    ------
    FolderError
        When nothing can be written beside `target`.

    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise FolderError(f"{target} cannot be made: {error}; choose another --out") from error
    made, old = beside / "new", beside / "old"
    try:
        made.mkdir()
        yield made
        if target.exists():
            os.rename(target, old)  # noqa: PTH104  the pair of renames reads best
        os.rename(made, target)  # noqa: PTH104  atomic on one file system
    finally:
        if old.exists() and not target.exists():
            os.rename(old, target)  # noqa: PTH104  the second rename failed or was interrupted
        shutil.rmtree(beside, ignore_errors=True)


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, with the digests of all files, and its own digest beside it."""
    complete = manifest.model_copy(update={"files": record_files(folder)})
    data = (complete.model_dump_json(indent=1) + "\n").encode()
    (folder / MANIFEST).write_bytes(data)
    (folder / DIGEST).write_bytes(digest_line(digest(data)))
