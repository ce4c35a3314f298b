"""One IDX file: a header with the sizes, then bytes; MNIST's own format."""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from explainers.arrays import ByteArray
from reasoned.errors import DataError

_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTES = 0x08


def read_idx(path: Path, axes: int, *, sha256: str | None = None) -> ByteArray:
    """Read an IDX file of unsigned bytes, compressed or not.

    An uncompressed file is mapped, not loaded.

    Parameters
    ----------
    path
        The file; whether it is compressed is seen from its bytes.
    axes
        How many axes the array must have: 3 for images, 1 for labels.
    sha256
        The digest of the uncompressed file, or None for any.

    Raises
    ------
    DataError
        When the file is missing, cut short, too long, of another kind, or not the one
        with this digest; the message names it.

    """
    try:
        with path.open("rb") as file:
            compressed = file.read(2) == _GZIP
        raw = _decompressed(path) if compressed else np.memmap(path, np.uint8, mode="r")
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); fetch it again") from error
    shape = _shape(path, raw, axes)
    if sha256 is not None and (found := hashlib.sha256(raw.data).hexdigest()) != sha256:
        raise DataError(
            f"{path} must uncompress to SHA-256 {sha256}, not {found}; it is damaged or "
            "belongs to another data set: delete or replace it"
        )
    return raw[4 + 4 * axes :].reshape(shape)


def _decompressed(path: Path) -> ByteArray:
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)


def _shape(path: Path, raw: ByteArray, axes: int) -> tuple[int, ...]:
    wanted = bytes([0, 0, _UNSIGNED_BYTES, axes])
    found = raw[:4].tobytes()
    if found != wanted:
        raise DataError(
            f"{path} must be an IDX file of bytes with {axes} axes, which begins with "
            f"{wanted.hex(' ')}, but begins with {found.hex(' ') or 'nothing'}"
        )
    head = 4 + 4 * axes
    if len(raw) < head:
        raise DataError(f"{path} ends within its header; fetch it again")
    shape: tuple[int, ...] = struct.unpack(f">{axes}I", raw[4:head].tobytes())
    if len(raw) != head + math.prod(shape):
        raise DataError(
            f"{path} must hold {head + math.prod(shape)} bytes for {shape}, not {len(raw)}; "
            "fetch it again"
        )
    return shape
