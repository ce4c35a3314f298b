import gzip
import hashlib
import io
import tarfile
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from reasoned.datasets.cifar10 import (
    ARCHIVE,
    BATCHES,
    CLASSES,
    FOLDER,
    PUBLISHED,
    open_cifar10,
)
from reasoned.datasets.download import RemoteFile, open_plainly
from reasoned.errors import DataError, DownloadError

RECORDS = np.random.default_rng(4).integers(0, 256, (6, 3, 3073), dtype=np.uint8)
RECORDS[:, :, 0] %= 10


class Server(Protocol):
    """What these tests ask of the server in conftest.py."""

    url: str
    requests: list[tuple[str, str | None]]


def write(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, batch in zip(BATCHES, RECORDS, strict=True):
        (folder / name).write_bytes(batch.tobytes())
    return folder


def archived(*, without: str = "", folder: str = "", link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, batch in zip(BATCHES, RECORDS, strict=True):
            member = tarfile.TarInfo(f"{FOLDER}/{name}")
            if name == without:
                continue
            if name == link:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            elif name == folder:
                member.type = tarfile.DIRTYPE
            else:
                member.size = batch.size
            tar.addfile(member, io.BytesIO(batch.tobytes()))
    return gzip.compress(out.getvalue())


def published(content: bytes, url: str = "") -> RemoteFile:
    return RemoteFile((url,), hashlib.sha256(content).hexdigest(), open_plainly)


@pytest.mark.parametrize("below", ["", FOLDER])
def test_an_extracted_folder_is_read(tmp_path: Path, below: str) -> None:
    write(tmp_path / "data" / below)

    found = open_cifar10(data_dir=tmp_path / "data")

    assert len(found) == 18
    assert found.labels.tolist() == RECORDS[:, :, 0].ravel().tolist()
    assert found.official_test.tolist() == [False] * 15 + [True] * 3
    assert found.example_id(15) == "test-000000"
    for row in range(18):
        record = RECORDS[row // 3, row % 3]
        image = found.image(row)
        assert image.shape == (32, 32, 3)
        # The format: 1,024 red values row by row, then green, then blue.
        assert image[0, 0].tolist() == record[[1, 1025, 2049]].tolist()
        assert image[2, 5].tolist() == record[[1 + 69, 1025 + 69, 2049 + 69]].tolist()
        assert not image.flags.writeable


def test_an_archive_is_checked_and_extracted_once(tmp_path: Path, cache: Path) -> None:
    content = archived()
    (tmp_path / ARCHIVE).write_bytes(content)

    first = open_cifar10(data_dir=tmp_path, published=published(content))
    second = open_cifar10(data_dir=tmp_path, published=published(content))

    assert first.checksum() == second.checksum()
    assert first.checksum() == open_cifar10(data_dir=write(tmp_path / "by hand")).checksum()
    assert sorted(path.name for path in (cache / "cifar10" / FOLDER).iterdir()) == sorted(BATCHES)


def test_the_archive_is_downloaded_once(server: Server, served: Path) -> None:
    content = archived()
    (served / ARCHIVE).write_bytes(content)

    for _ in range(2):
        assert len(open_cifar10(published=published(content, server.url + ARCHIVE))) == 18

    assert [path for path, _ in server.requests] == [f"/{ARCHIVE}"]


def test_without_a_network_the_message_tells_of_data_dir() -> None:
    with pytest.raises(DownloadError, match=r"cifar-10-binary.tar.gz could not .+--data-dir"):
        open_cifar10(published=published(b"", "http://127.0.0.1:9/"))


def test_a_folder_with_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must hold cifar-10-binary.tar.gz or the folder cifar-10"):
        open_cifar10(data_dir=tmp_path)


def test_another_archive_is_refused(tmp_path: Path, cache: Path) -> None:
    (tmp_path / ARCHIVE).write_bytes(archived())

    with pytest.raises(
        DataError, match=rf"{ARCHIVE} must have SHA-256 c4a38c50.+ delete or replace"
    ):
        open_cifar10(data_dir=tmp_path)
    assert not cache.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (archived(without="data_batch_4.bin"), "data_batch_4.bin"),
        (archived(folder="data_batch_2.bin"), "must hold .+/data_batch_2.bin as a file"),
        (archived(link="data_batch_2.bin"), "cannot be extracted"),
        (archived()[:-2000], "fetch it again"),
        (b"no archive", "cannot be extracted"),
    ],
)
def test_a_damaged_archive_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / ARCHIVE).write_bytes(content)

    with pytest.raises(DataError, match=told):
        open_cifar10(data_dir=tmp_path, published=published(content))


@pytest.mark.parametrize("content", [b"", bytes(3072), bytes(3074)])
def test_a_batch_of_a_wrong_size_is_named(tmp_path: Path, content: bytes) -> None:
    (write(tmp_path) / "data_batch_3.bin").write_bytes(content)

    with pytest.raises(
        DataError, match=rf"data_batch_3.bin must hold records .+ {len(content)} bytes"
    ):
        open_cifar10(data_dir=tmp_path)


def test_labels_without_a_class_are_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "test_batch.bin").write_bytes(bytes([10]) + bytes(3072))

    with pytest.raises(DataError, match=r"test_batch.bin must hold labels 0 to 9 .+ holds 10"):
        open_cifar10(data_dir=tmp_path)


def test_the_classes_may_come_in_another_order(tmp_path: Path) -> None:
    found = open_cifar10(data_dir=write(tmp_path), classes=CLASSES[::-1])

    assert found.labels.tolist() == (9 - RECORDS[:, :, 0].ravel().astype(int)).tolist()


def test_the_published_archive_comes_over_https() -> None:
    assert [url.startswith("https://") for url in PUBLISHED.mirrors] == [True]
