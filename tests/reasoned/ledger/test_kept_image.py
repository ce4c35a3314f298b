"""Pixels that the ledger kept."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import BrokenImageError
from reasoned.ledger.kept_image import kept_pixels


def saved(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def promised(shape: str) -> bytes:
    """Write a header alone, as numpy does."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (118 - len(header) - 1) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


@pytest.mark.parametrize("order", ["C", "F"])
def test_pixels_come_back(order: Any) -> None:  # noqa: ANN401  numpy's two words
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)

    found = kept_pixels(saved(np.asarray(image, order=order)))

    np.testing.assert_array_equal(found, image)
    assert found.flags.writeable


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (promised("(1000000, 1000000, 3)"), "was promised, and 0 bytes came"),
        (promised("(-1, -1, 0)"), "was promised, and 0 bytes came"),
        (promised("(" * 60), "cannot be read"),
        (saved(np.zeros((2, 2), np.uint8)), "not bytes of shape"),
        (saved(np.zeros((2, 2, 1), np.float64)), "not bytes of shape"),
        (saved(np.zeros((2, 2, 1), np.uint8)) + b"more", "and 8 bytes came"),
        (b"PK\x03\x04", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(BrokenImageError, match=told):
        kept_pixels(data)


@given(place=st.integers(0, 127), byte=st.integers(0, 255))
def test_any_changed_header_is_refused_or_read(place: int, byte: int) -> None:
    data = bytearray(saved(np.zeros((2, 3, 1), np.uint8)))
    data[place] = byte
    try:
        found = kept_pixels(bytes(data))
    except BrokenImageError:
        return
    assert found.size == 6
