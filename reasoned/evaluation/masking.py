"""Keep the most important pixels of an image and fill in the others."""

import dataclasses
from typing import Literal, final

import numpy as np
import torch
from scipy import ndimage

from explainers.arrays import BoolArray, DoubleArray, FloatArray, check_shape
from reasoned.errors import OptionsError
from reasoned.images.preprocessing import Preprocessing

Fill = Literal["mean", "black", "blur"]
# Of the longer side: what is left of the picture is its large patches of colour.
_BLUR = 1 / 8


@final
@dataclasses.dataclass(frozen=True)
class Masking:
    """How much of an image is kept, and what stands where the rest was.

    Attributes
    ----------
    share
        Of the pixels; exactly ``round(share * rows * columns)`` are kept.
    fill
        ``mean`` is 0 after normalisation, the colour that the network was told is the
        mean; ``black``; ``blur`` is the image itself, blurred beyond recognition.

    Raises
    ------
    OptionsError
        When the share does not lie between 0 and 1.

    """

    share: float = 0.2
    fill: Fill = "mean"

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise OptionsError(f"the share of pixels kept must lie in (0, 1), not {self.share}")


def kept_pixels(heat: DoubleArray, share: float) -> BoolArray:
    """Mark the most important pixels; of equal ones those that come first, row by row.

    Parameters
    ----------
    heat
        Shape (rows, columns).
    share
        How many of them to mark: exactly ``round(share * rows * columns)``.

    """
    check_shape("heat", heat, "rows", "columns")
    kept = np.zeros(heat.size, np.bool_)
    kept[np.argsort(-heat.ravel(), kind="stable")[: round(share * heat.size)]] = True
    return kept.reshape(heat.shape)


def upsampled(heats: DoubleArray, size: tuple[int, int]) -> DoubleArray:
    """Enlarge maps bilinearly, from (images, rows, columns) to the rows and columns given."""
    check_shape("heats", heats, "images", "rows", "columns")
    whole = torch.from_numpy(np.ascontiguousarray(heats, np.float64))[:, None]
    found = torch.nn.functional.interpolate(whole, size, mode="bilinear", align_corners=False)
    enlarged: DoubleArray = found[:, 0].numpy()
    return enlarged


def masked(
    pixels: FloatArray, heats: DoubleArray, masking: Masking, preprocessing: Preprocessing
) -> FloatArray:
    """Keep the most important pixels of each image.

    Parameters
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input.
    heats
        Shape (images, rows, columns). One map for each, of any size.
    masking
        How much to keep, and what to put elsewhere.
    preprocessing
        What made the pixels: it says what black is.

    """
    check_shape("heats", heats, "images", "rows", "columns", images=len(pixels))
    large = upsampled(heats, (pixels.shape[2], pixels.shape[3]))
    kept = np.stack([kept_pixels(heat, masking.share) for heat in large])
    filling = _filling(pixels, masking.fill, preprocessing)
    return np.where(kept[:, None], pixels, filling)


def _filling(pixels: FloatArray, fill: Fill, preprocessing: Preprocessing) -> FloatArray:
    if fill == "blur":
        width = max(pixels.shape[2:]) * _BLUR
        blurred: FloatArray = ndimage.gaussian_filter(pixels, (0, 0, width, width))
        return blurred
    if fill == "black":
        mean, std = np.array(preprocessing.mean), np.array(preprocessing.std)
        dark: FloatArray = (-mean / std).astype(np.float32)[None, :, None, None]
        return dark
    return np.zeros((1, 1, 1, 1), np.float32)
