import dataclasses
import gzip
import hashlib
import struct
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from reasoned.datasets.idx import FASHION_MNIST, FILES, MNIST, IdxSource, open_idx
from reasoned.errors import DataError, DownloadError

PIXELS = np.random.default_rng(2).integers(0, 256, (7, 4, 4), dtype=np.uint8)
LABELS = np.array([2, 0, 1, 1, 0, 2, 0], np.uint8)
CONTENTS = tuple(
    b"\0\0\x08"
    + bytes([array.ndim])
    + struct.pack(f">{array.ndim}I", *array.shape)
    + array.tobytes()
    for array in (PIXELS[:5], LABELS[:5], PIXELS[5:], LABELS[5:])
)


class Server(Protocol):
    """What these tests ask of the server in conftest.py."""

    url: str
    requests: list[tuple[str, str | None]]


def source(contents: tuple[bytes, ...] = CONTENTS, *, mirror: str = "") -> IdxSource:
    first, second, third, fourth = (hashlib.sha256(content).hexdigest() for content in contents)
    return IdxSource(
        name="tiny",
        classes=("a", "b", "c"),
        mirrors=(mirror,),
        sha256=(first, second, third, fourth),
        folders=("TINY/raw",),
    )


def write(folder: Path, contents: tuple[bytes, ...] = CONTENTS, *, packed: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(FILES, contents, strict=True):
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


@pytest.mark.parametrize("form", ["plain", "packed"])
@pytest.mark.parametrize("below", ["", "TINY/raw"])
def test_the_given_folder_is_read(tmp_path: Path, form: str, below: str) -> None:
    write(tmp_path / "data" / below, packed=form == "packed")

    found = open_idx(source(), data_dir=tmp_path / "data")

    assert len(found) == 7
    assert found.labels.tolist() == LABELS.tolist()
    assert found.official_test.tolist() == [False] * 5 + [True] * 2
    assert [found.example_id(row) for row in (0, 4, 5)] == [
        "train-000000",
        "train-000004",
        "test-000000",
    ]
    for row in range(7):
        np.testing.assert_array_equal(found.image(row), PIXELS[row][..., np.newaxis])


def test_compressed_and_plain_copies_are_the_same_data(tmp_path: Path) -> None:
    plain = open_idx(source(), data_dir=write(tmp_path / "plain"))
    packed = open_idx(source(), data_dir=write(tmp_path / "packed", packed=True))

    assert plain.checksum() == packed.checksum()


def test_the_classes_may_come_in_another_order(tmp_path: Path) -> None:
    found = open_idx(source(), data_dir=write(tmp_path), classes=("c", "a", "b"))

    assert [found.classes[label] for label in found.labels] == ["cabbaca"[i] for i in range(7)]
    assert found.checksum() != open_idx(source(), data_dir=tmp_path).checksum()


def test_a_given_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / FILES[1]).unlink()

    with pytest.raises(
        DataError, match=r"must hold the files of tiny.+ lacks train-labels-idx1-ubyte; without"
    ):
        open_idx(source(), data_dir=tmp_path)


def test_another_data_set_is_not_taken_for_this_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="train-images-idx3-ubyte must uncompress to SHA-256"):
        open_idx(MNIST, data_dir=write(tmp_path))


def test_labels_without_a_class_are_refused(tmp_path: Path) -> None:
    contents = (*CONTENTS[:3], CONTENTS[3][:-1] + b"\3")

    with pytest.raises(
        DataError, match="t10k-labels-idx1-ubyte must hold 2 labels below 3, not 2 up to 3"
    ):
        open_idx(source(contents), data_dir=write(tmp_path, contents))


def test_a_label_for_every_image_is_wanted(tmp_path: Path) -> None:
    contents = (CONTENTS[0], CONTENTS[3], *CONTENTS[2:])

    with pytest.raises(
        DataError, match="train-labels-idx1-ubyte must hold 5 labels below 3, not 2"
    ):
        open_idx(source(contents), data_dir=write(tmp_path, contents))


def test_files_of_the_system_come_before_a_download(tmp_path: Path) -> None:
    installed = dataclasses.replace(source(), installed=(write(tmp_path / "usr"),))

    assert len(open_idx(installed)) == 7


def test_what_is_missing_is_downloaded_once_and_kept_uncompressed(
    server: Server, served: Path, cache: Path
) -> None:
    write(served, packed=True)

    first = open_idx(source(mirror=server.url))
    second = open_idx(source(mirror=server.url))

    assert [path for path, _ in server.requests] == [f"/{name}.gz" for name in FILES]
    assert sorted(path.name for path in (cache / "tiny").iterdir()) == sorted(FILES)
    assert first.checksum() == second.checksum()
    np.testing.assert_array_equal(second.image(6)[..., 0], PIXELS[6])


def test_a_broken_off_download_goes_on_with_the_files_that_are_missing(
    server: Server, served: Path
) -> None:
    write(served, packed=True)
    (served / f"{FILES[2]}.gz").rename(served / "later")
    with pytest.raises(DownloadError, match="t10k-images-idx3-ubyte could not be downloaded"):
        open_idx(source(mirror=server.url))
    (served / "later").rename(served / f"{FILES[2]}.gz")
    server.requests.clear()

    open_idx(source(mirror=server.url))

    assert [path for path, _ in server.requests] == [f"/{name}.gz" for name in FILES[2:]]


@pytest.mark.skipif(not FASHION_MNIST.installed[0].is_dir(), reason="needs Debian's package")
def test_fashion_mnist_is_the_published_one() -> None:
    found = open_idx(FASHION_MNIST)

    assert len(found) == 70_000
    assert int(found.official_test.sum()) == 10_000
    assert np.bincount(found.labels).tolist() == [7_000] * 10
    assert found.image(0).shape == (28, 28, 1)
    # The first image of the published train file shows an ankle boot.
    assert found.classes[found.labels[0]] == "Ankle boot"


@pytest.mark.parametrize("published", [MNIST, FASHION_MNIST])
def test_published_files_come_over_https(published: IdxSource) -> None:
    assert len(published.mirrors) == 2
    assert all(url.startswith("https://") and url.endswith("/") for url in published.mirrors)
