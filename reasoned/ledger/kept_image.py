"""The image that the ledger kept, as pixels."""

import io
import math
import tokenize
from typing import Any, Final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.errors import BrokenImageError
from reasoned.images.decode import decode_image
from reasoned.ledger.decision import Kept

_READ: Final = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
# What is raised on headers of nonsense, by numpy and by the parsers that it hands them to.
_BROKEN: Final = (ValueError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError)


def kept_image(kept: Kept) -> ByteArray | None:
    """Decode what is kept: an image file, pixels or a thumbnail; None for activations.

    Raises
    ------
    ImageError
        When it cannot be decoded.

    """
    if kept.kind == "activations":
        return None
    return kept_pixels(kept.data) if kept.kind == "pixels" else decode_image(kept.data)


def kept_pixels(data: bytes) -> ByteArray:
    """Read pixels that came as nested lists; raise `BrokenImageError` on anything else."""
    file = io.BytesIO(data)
    try:
        shape, by_column, kind = _header(file)
    except _BROKEN as error:
        raise BrokenImageError(f"the kept pixels cannot be read: {error}") from error
    if kind != np.uint8 or len(shape) != 3:
        raise BrokenImageError("the kept pixels are not bytes of shape (rows, columns, channels)")
    # Before anything is made of that size: a header may promise terabytes.
    found = len(data) - file.tell()
    if min(shape) < 0 or math.prod(shape) != found:
        raise BrokenImageError(
            f"the kept pixels cannot be read: {shape} was promised, and {found} bytes came"
        )
    pixels = np.frombuffer(data, np.uint8, offset=file.tell())
    return pixels.reshape(shape, order="F" if by_column else "C").copy()


def _header(file: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version not in _READ:
        raise ValueError(f"version {version} of the format is not known")
    return _READ[version](file)
