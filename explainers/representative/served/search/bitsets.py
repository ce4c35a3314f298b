"""Sets of images as packed bits."""

import numpy as np
import numpy.typing as npt

from explainers.arrays import BoolArray, ByteArray, IntArray

Bits = npt.NDArray[np.uint64]
WORD = 64
_PER_BYTE: ByteArray = np.array([byte.bit_count() for byte in range(256)], dtype=np.uint8)


def pack(flags: BoolArray) -> Bits:
    """Pack flags (..., images) into words (..., ceil(images / 64)); the rest is zero."""
    missing = -flags.shape[-1] % WORD
    widths = [(0, 0)] * (flags.ndim - 1) + [(0, missing)]
    padded = np.pad(flags, widths) if missing else flags
    packed = np.packbits(padded, axis=-1, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint64)


def unpack(bits: Bits, images: int) -> BoolArray:
    """Give the flags (..., images) that were packed."""
    in_bytes = np.ascontiguousarray(bits).view(np.uint8)
    return np.unpackbits(in_bytes, axis=-1, count=images, bitorder="little").astype(np.bool_)


def count(bits: Bits) -> IntArray:
    """Count the set bits of each set, along the last axis."""
    if not hasattr(np, "bitwise_count"):
        return count_by_table(bits)
    counts: IntArray = np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
    return counts


def count_by_table(bits: Bits) -> IntArray:
    """Count the same with a table of bytes: numpy before 2.0 has nothing quicker."""
    in_bytes = np.ascontiguousarray(bits).view(np.uint8)
    counts: IntArray = _PER_BYTE[in_bytes].sum(axis=-1, dtype=np.int64)
    return counts
