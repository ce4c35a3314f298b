"""Heat over a picture: where in an image the evidence lies."""

from typing import Final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray, check_shape

# Dark violet to pale yellow, of evenly growing lightness, so that more heat looks like more.
_COLOURS: Final = np.array(
    [(0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164)],
    dtype=np.float64,
)
_MOST: Final = 0.8


def heat_colours(heat: ByteArray) -> ByteArray:
    """Give the colour of each value, shape (rows, columns, 3), for heat (rows, columns)."""
    check_shape("heat", heat, "rows", "columns")
    anchors = np.linspace(0.0, 255.0, len(_COLOURS))
    channels = [np.interp(heat, anchors, _COLOURS[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def overlaid(picture: Image.Image, heat: ByteArray) -> Image.Image:
    """Lay heat over a picture, which turns grey so that colour means heat alone.

    Parameters
    ----------
    picture
        Of any size.
    heat
        Shape (rows, columns), from 0 to 255; spread over the whole picture bilinearly.

    """
    spread = np.asarray(Image.fromarray(heat).resize(picture.size, Image.Resampling.BILINEAR))
    colours = heat_colours(spread).astype(np.float64)
    grey = np.asarray(picture.convert("L"), dtype=np.float64)[:, :, None]
    share = _MOST * spread[:, :, None] / 255.0
    blended = (1.0 - share) * grey + share * colours
    return Image.fromarray(blended.round().astype(np.uint8))


def fitted(image: ByteArray, side: int) -> Image.Image:
    """Bring an image of shape (rows, columns, channels) to `side` pixels at its longer side."""
    check_shape("image", image, "rows", "columns", "channels")
    picture = Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image)
    longer = max(picture.size)
    width, height = (max(1, round(length * side / longer)) for length in picture.size)
    # Few pixels stay visible as such; many must not be dropped.
    way = Image.Resampling.NEAREST if longer < side else Image.Resampling.LANCZOS
    return picture.resize((width, height), way).convert("RGB")
