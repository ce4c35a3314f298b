"""CIFAR-10 in its binary version: records of one label byte and 3,072 pixel bytes."""

import hashlib
import os
import shutil
import tarfile
import zlib
from pathlib import Path

import numpy as np

from explainers.arrays import ByteArray
from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.datasets.cache_folder import cache_folder
from reasoned.datasets.class_order import class_positions
from reasoned.datasets.download import RemoteFile, download, open_plainly
from reasoned.errors import DataError

ARCHIVE = "cifar-10-binary.tar.gz"
FOLDER = "cifar-10-batches-bin"
TRAIN_BATCHES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
BATCHES = (*TRAIN_BATCHES, "test_batch.bin")
CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
# The digest of the published archive, which is one file only; of what is in it no digest
# is published, so that an extracted folder is checked for its sizes and labels alone.
PUBLISHED = RemoteFile(
    mirrors=(f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}",),
    sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    unpacked=open_plainly,
)
_SIDE, _CHANNELS = 32, 3
_RECORD = 1 + _CHANNELS * _SIDE * _SIDE


def open_cifar10(
    *,
    data_dir: Path | None = None,
    classes: tuple[str, ...] | None = None,
    published: RemoteFile = PUBLISHED,
) -> ArrayDataset:
    """Open CIFAR-10 as memory maps of the six extracted files.

    Parameters
    ----------
    data_dir
        A folder with the archive or with the extracted files; None downloads the archive,
        unless it was downloaded before.
    classes
        Another order for the class names, or None for the published one.
    published
        Where the archive lies, and its digest.

    Raises
    ------
    DataError
        When a file is missing or damaged.
    DownloadError
        When the archive must be downloaded and cannot be.

    """
    names, positions = class_positions("cifar10", CLASSES, classes)
    folder = _given(data_dir, published) if data_dir is not None else _downloaded(published)
    batches = [_records(folder / name) for name in BATCHES]  # each (images, bytes of a record)
    counts = [len(batch) for batch in batches]
    return ArrayDataset(
        name="cifar10",
        classes=names,
        labels=positions[np.concatenate([batch[:, 0] for batch in batches])],
        official_test=np.arange(sum(counts)) >= sum(counts[:-1]),
        groups=None,
        blocks=tuple(_images(batch) for batch in batches),
    )


def _records(path: Path) -> ByteArray:
    size = path.stat().st_size
    if not size or size % _RECORD:
        raise DataError(
            f"{path} must hold records of {_RECORD} bytes, but has {size} bytes; extract it again"
        )
    records = np.memmap(path, np.uint8, mode="r").reshape(-1, _RECORD)
    if records[:, 0].max() >= len(CLASSES):
        raise DataError(
            f"{path} must hold labels 0 to {len(CLASSES) - 1} at every {_RECORD} bytes, but "
            f"holds {records[:, 0].max()}; is it the binary version of CIFAR-10?"
        )
    return records


def _images(records: ByteArray) -> ByteArray:
    planes = records[:, 1:].reshape(-1, _CHANNELS, _SIDE, _SIDE)
    return planes.transpose(0, 2, 3, 1)  # (images, rows, columns, channels), still a view


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in BATCHES)


def _given(data_dir: Path, published: RemoteFile) -> Path:
    for folder in (data_dir, data_dir / FOLDER):
        if _complete(folder):
            return folder
    archive = data_dir / ARCHIVE
    if not archive.is_file():
        raise DataError(
            f"--data-dir {data_dir} must hold {ARCHIVE} or the folder {FOLDER} extracted from "
            "it; without --data-dir it is downloaded"
        )
    return _extracted(archive, published)


def _downloaded(published: RemoteFile) -> Path:
    cache = cache_folder() / "cifar10"
    if _complete(cache / FOLDER):
        return cache / FOLDER
    archive = cache / ARCHIVE
    if not archive.exists():
        download(published, archive)
    return _extracted(archive, published)


def _extracted(archive: Path, published: RemoteFile) -> Path:
    folder = cache_folder() / "cifar10" / FOLDER
    if _complete(folder):
        return folder
    _check_digest(archive, published.sha256)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive) as tar:
            for name in BATCHES:
                _copy(tar, f"{FOLDER}/{name}", folder / name)
    except (tarfile.TarError, KeyError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{archive} cannot be extracted ({error}); fetch it again") from error
    return folder


def _check_digest(archive: Path, sha256: str) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise DataError(
            f"{archive} must have SHA-256 {sha256}, not {found}; it is damaged or another "
            "version: delete or replace it"
        )


def _copy(tar: tarfile.TarFile, member: str, destination: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise DataError(f"the archive must hold {member} as a file; fetch it again")
    beside = destination.with_name(f"{destination.name}.{os.getpid()}.part")
    try:
        with source, beside.open("wb") as file:
            shutil.copyfileobj(source, file)
        beside.replace(destination)
    finally:
        beside.unlink(missing_ok=True)
