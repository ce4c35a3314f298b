"""What may be kept of an image beside its digest."""

import io
from typing import Final, Literal

import numpy as np

from explainers.arrays import ByteArray
from reasoned.images.thumbnails import thumbnail_png
from reasoned.ledger.decision import Kept

Keep = Literal["nothing", "activations", "thumbnail", "image"]
KEEPS: Final[tuple[Keep, ...]] = ("nothing", "activations", "thumbnail", "image")


def keep_picture(keep: Keep, data: bytes | None, image: ByteArray) -> Kept | None:
    """Keep an image as far as the setting asks for it.

    Parameters
    ----------
    keep
        The setting; ``activations`` are packed elsewhere, and nothing is kept here.
    data
        The file as it came, or None where nested lists came.
    image
        Shape (rows, columns, channels). As it was decoded.

    """
    if keep == "thumbnail":
        return Kept("thumbnail", thumbnail_png(image))
    if keep != "image":
        return None
    if data is not None:
        return Kept("image", data)
    buffer = io.BytesIO()
    np.save(buffer, image, allow_pickle=False)
    return Kept("pixels", buffer.getvalue())
