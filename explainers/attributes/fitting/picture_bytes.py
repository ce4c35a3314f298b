"""Optimised images as bytes, small enough to be stored and shown."""

from typing import Final

import numpy as np
import torch
from torch.nn import functional

from explainers.arrays import ByteArray, FloatArray, check_shape
from explainers.attributes.fitting.maximisation_settings import Mode

LARGEST_SIDE: Final = 112


def as_bytes(pictures: FloatArray, mode: Mode) -> ByteArray:
    """Turn pictures into bytes; the longer side becomes at most 112, by averaging areas.

    Parameters
    ----------
    pictures
        Shape (pictures, channels, rows, columns).
    mode
        ``bounded``: pixels from 0 to 1. ``released``: each picture is scaled from its own
        least to its own largest value, as the paper's are; one that is flat becomes black.

    Returns
    -------
    ByteArray
        Shape (pictures, rows, columns, channels).

    """
    check_shape("pictures", pictures, "pictures", "channels", "rows", "columns")
    values = np.clip(pictures, 0.0, 1.0) if mode == "bounded" else _scaled(pictures)
    rows, columns = shown_size(pictures.shape[2], pictures.shape[3])
    if (rows, columns) != pictures.shape[2:] and len(pictures):
        given = torch.from_numpy(values)
        values = functional.interpolate(given, (rows, columns), mode="area").numpy()
    found = np.rint(255.0 * values[:, :, :rows, :columns]).astype(np.uint8)
    return np.ascontiguousarray(found.transpose(0, 2, 3, 1))


def shown_size(rows: int, columns: int) -> tuple[int, int]:
    """Give the rows and columns of the bytes of an image."""
    shrunk = min(1.0, LARGEST_SIDE / max(rows, columns))
    return max(1, round(rows * shrunk)), max(1, round(columns * shrunk))


def _scaled(pictures: FloatArray) -> FloatArray:
    low = pictures.min(axis=(1, 2, 3), keepdims=True, initial=np.inf)
    high = pictures.max(axis=(1, 2, 3), keepdims=True, initial=-np.inf)
    spread = high - low
    found: FloatArray = np.divide(
        pictures - low, spread, out=np.zeros_like(pictures), where=spread > 0
    )
    return found
