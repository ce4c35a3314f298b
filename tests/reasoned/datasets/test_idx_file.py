import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.datasets.idx_file import read_idx
from reasoned.errors import DataError

# Two images of 2 x 3, as the format's description writes them down.
IMAGES = bytes.fromhex("00000803 00000002 00000002 00000003") + bytes(range(12))
LABELS = bytes.fromhex("00000801 00000003") + bytes([7, 2, 1])


def written(tmp_path: Path, content: bytes, name: str = "file-idx3-ubyte") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_images_worked_by_hand(tmp_path: Path) -> None:
    found = read_idx(written(tmp_path, IMAGES), 3)

    np.testing.assert_array_equal(found, [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]])
    assert isinstance(found, np.memmap)  # so that only what is looked at is read


def test_labels_worked_by_hand(tmp_path: Path) -> None:
    assert read_idx(written(tmp_path, LABELS), 1).tolist() == [7, 2, 1]


def test_compression_is_seen_from_the_bytes(tmp_path: Path) -> None:
    named_plainly = written(tmp_path, gzip.compress(IMAGES, mtime=0))

    np.testing.assert_array_equal(
        read_idx(named_plainly, 3), read_idx(written(tmp_path, IMAGES, "x.gz"), 3)
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_digest_is_that_of_the_uncompressed_bytes(tmp_path: Path, pack: type[bytes]) -> None:
    path = written(tmp_path, pack(LABELS))
    sha256 = hashlib.sha256(LABELS).hexdigest()

    assert len(read_idx(path, 1, sha256=sha256)) == 3
    with pytest.raises(
        DataError, match=rf"{path} must uncompress to SHA-256 {'0' * 64}, not {sha256}"
    ):
        read_idx(path, 1, sha256="0" * 64)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read"),
        (b"\0", "begins with 00$"),
        (b"\0\0\x08", "begins with 00 00 08$"),
        (LABELS, r"with 3 axes, which begins with 00 00 08 03, but begins with 00 00 08 01"),
        (b"\0\0\x0d\x03" + IMAGES[4:], "begins with 00 00 0d 03"),  # floats
        (b"\1" + IMAGES[1:], "begins with 01 00 08 03"),
        (b"PK\3\4" + bytes(40), "begins with 50 4b 03 04"),
        (IMAGES[:10], "ends within its header"),
        (IMAGES[:16], "must hold 28 bytes for \\(2, 2, 3\\), not 16"),
        (IMAGES[:-1], "must hold 28 bytes for \\(2, 2, 3\\), not 27"),
        (IMAGES + b"\0", "must hold 28 bytes for \\(2, 2, 3\\), not 29"),
        (IMAGES[:4] + b"\xff" * 12 + bytes(12), "not 28; fetch it again"),
        (gzip.compress(IMAGES, mtime=0)[:-5], "cannot be read"),
        (gzip.compress(IMAGES, mtime=0)[:20], "cannot be read"),
        (gzip.compress(IMAGES, mtime=0)[:12] + b"\xff" * 20, "cannot be read"),
        (b"\x1f\x8b", "cannot be read"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = written(tmp_path, content)

    with pytest.raises(DataError, match=rf"{path} .*{told}"):
        read_idx(path, 3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="absent cannot be read"):
        read_idx(tmp_path / "absent", 3)


@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_every_array_of_bytes_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    shape: tuple[int, int, int],
    pack: Callable[[bytes], bytes],
) -> None:
    values = np.random.default_rng(sum(shape)).integers(0, 256, shape, dtype=np.uint8)
    path = tmp_path_factory.mktemp("idx") / "file"
    path.write_bytes(pack(b"\0\0\x08\x03" + struct.pack(">3I", *shape) + values.tobytes()))

    np.testing.assert_array_equal(read_idx(path, 3), values)
