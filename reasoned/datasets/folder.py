"""A folder of images: one folder per class, or train/ and test/ with such folders each."""

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import ByteArray, IntArray
from reasoned.datasets.class_order import class_positions
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.object_groups import object_groups
from reasoned.errors import DataError, ImageError
from reasoned.images.decode import decode_image

_READ = (".jpg", ".jpeg", ".png", ".webp")
_NOT_READ = (".avif", ".bmp", ".gif", ".heic", ".jp2", ".pgm", ".ppm", ".tif", ".tiff")
_SPLITS = ("train", "test")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class FolderDataset(Dataset):
    """Image files, each read when it is asked for; only their names are held.

    Attributes
    ----------
    root
        The folder.
    files
        One path per image, below `root`, with slashes.

    """

    root: Path
    files: tuple[str, ...]

    def image(self, row: int) -> ByteArray:
        """Read and decode one file; raise `DataError` with its name if that fails."""
        self.check_row(row)
        try:
            return decode_image(self._bytes(row))
        except ImageError as error:
            raise DataError(f"{self.root / self.files[row]} cannot be used: {error}") from error

    def checksum(self) -> str:
        """Compute the SHA-256 over the class order and every file's path and bytes."""
        digest = hashlib.sha256(json.dumps(self.classes).encode())
        for row, file in enumerate(self.files):
            content = hashlib.sha256(self._bytes(row)).hexdigest()
            digest.update(json.dumps([file, content]).encode())
        return digest.hexdigest()

    def _bytes(self, row: int) -> bytes:
        path = self.root / self.files[row]
        try:
            return path.read_bytes()
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error}") from error


def open_folder(
    root: Path, *, classes: tuple[str, ...] | None = None, groups: str | None = None
) -> FolderDataset:
    r"""Find the images below a folder.

    Parameters
    ----------
    root
        Holds one folder per class, or ``train`` and ``test`` that do. Hidden files, and
        files that are no images, are passed over.
    classes
        The class names in the order of the network's logits; None sorts the folders.
    groups
        A regular expression such as ``^(\d+)_`` whose group tells, within a class, which
        files show the same object; None takes every image for an object of its own.

    Raises
    ------
    DataError
        When the layout is another, or the classes are not those named.

    """
    if not root.is_dir():
        raise DataError(f"folder:{root} must be a folder with one folder per class; none is there")
    parts = _parts(root)
    found = _class_names(root, parts)
    names, positions = class_positions(f"folder:{root}", found, classes)
    listed = [(part, label, file) for part in parts for label, file in _listed(root / part, found)]
    files = tuple(str(Path(part, label, file).as_posix()) for part, label, file in listed)
    official_test = np.array([part == "test" for part, _, _ in listed], np.bool_)
    labels = [label for _, label, _ in listed]
    objects = None if groups is None else object_groups(files, labels, groups)
    if objects is not None:
        _check_apart(files, objects, int(official_test.sum()))
    where = dict(zip(found, positions, strict=True))
    return FolderDataset(
        name=f"folder:{root.name or root}",
        classes=names,
        labels=np.array([where[label] for label in labels], np.int64),
        official_test=official_test,
        groups=objects,
        root=root,
        files=files,
    )


def _parts(root: Path) -> tuple[str, ...]:
    below = _folders(root)
    if not all(part in below for part in _SPLITS):
        return ("",)
    others = [name for name in below if name not in _SPLITS]
    if others:
        raise DataError(
            f"{root} holds train and test, and beside them {', '.join(others[:5])}; move what "
            "is to be used into one of the two, and the rest away"
        )
    return _SPLITS


def _class_names(root: Path, parts: tuple[str, ...]) -> tuple[str, ...]:
    found = _folders(root / parts[0])
    if odd := [name for name in found if name != name.encode("utf-8", "replace").decode()]:
        raise DataError(f"{root} has a folder {odd[0]!r}, whose name must be UTF-8; rename it")
    if len(found) < 2:
        raise DataError(
            f"{root / parts[0]} must hold one folder per class, at least two, not {len(found)}"
        )
    for part in parts[1:]:
        unknown = [name for name in _folders(root / part) if name not in found]
        if unknown:
            raise DataError(
                f"{root / part} holds classes that {root / parts[0]} does not: "
                f"{', '.join(unknown[:10])}"
            )
    return tuple(found)


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(e.name for e in entries if e.is_dir() and not e.name.startswith("."))


def _listed(folder: Path, classes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (label, file)
        for label in classes
        if (folder / label).is_dir()
        for file in _images(folder / label)
    ]


def _images(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        visible = sorted(
            (e.name, e.is_dir(), e.is_file()) for e in entries if not e.name.startswith(".")
        )
    for name, is_folder, is_file in visible:
        if is_folder:
            raise DataError(f"{folder / name} is a folder within a class; keep images there only")
        if not is_file:  # a pipe would be waited on for ever
            raise DataError(f"{folder / name} cannot be read: it is no file; remove it")
        if name.lower().endswith(_NOT_READ):
            raise DataError(f"{folder / name} must be JPEG, PNG or WEBP; convert it or move it")
    found = [name for name, *_ in visible if name.lower().endswith(_READ)]
    if not found:
        raise DataError(f"{folder} holds no JPEG, PNG or WEBP file; fill it or remove it")
    return found


def _check_apart(files: tuple[str, ...], objects: IntArray, tests: int) -> None:
    before = len(files) - tests
    shared = np.isin(objects[before:], objects[:before])
    if shared.any():
        raise DataError(
            f"{files[before + int(shared.argmax())]} shows an object that train shows too, by "
            "--groups; move the object's images to one side, or rename them if it is another"
        )
