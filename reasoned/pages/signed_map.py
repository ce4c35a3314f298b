"""Maps of signed numbers as pictures: blue above 0, red below, grey where the sign is open."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.images.overlays import fitted

SIDE: Final = 224
_FOR: Final = np.array([23.0, 78.0, 166.0])
_AGAINST: Final = np.array([180.0, 35.0, 24.0])
_GREY: Final = np.array([182.0, 190.0, 201.0])
_PALE: Final = 0.12  # how far the smallest number is from white


def signed_colours(
    numbers: Sequence[Sequence[float]], certain: Sequence[Sequence[bool]]
) -> ByteArray:
    """Colour every cell: white for 0, and the stronger the larger the number.

    Parameters
    ----------
    numbers, certain
        Shape (rows, columns). Where `certain` is false a number that is not 0 is grey.

    Returns
    -------
    ByteArray
        Shape (rows, columns, 3).

    """
    found, sure = np.array(numbers, dtype=np.float64), np.array(certain, dtype=np.bool_)
    sizes = np.abs(found)
    most = float(sizes.max(initial=0.0)) or 1.0
    share = np.where(sizes > 0.0, _PALE + (1.0 - _PALE) * sizes / most, 0.0)[:, :, None]
    ends = np.where(found[:, :, None] >= 0.0, _FOR, _AGAINST)
    coloured = 255.0 + share * (ends - 255.0)
    unsure = ((sizes > 0.0) & ~sure)[:, :, None]
    return np.asarray(np.where(unsure, _GREY, coloured).round(), dtype=np.uint8)


def signed_png(numbers: Sequence[Sequence[float]], certain: Sequence[Sequence[bool]]) -> bytes:
    """Draw a map as a PNG with its longer side 224 pixels long."""
    return encoded(fitted(signed_colours(numbers, certain), SIDE))


def encoded(picture: Image.Image) -> bytes:
    """Encode a picture as PNG."""
    target = BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
