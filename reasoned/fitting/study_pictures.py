"""Arrays as small PNG pictures, for pages that hold everything they show."""

import base64
import dataclasses
import io
from typing import final

import numpy as np
from PIL import Image

from explainers.arrays import AnyArray, ByteArray, FloatArray
from explainers.meta_forest.fitting.inte.atlas import Atlas

_COLOURS = 3
_SAMPLE = 1_000


@final
@dataclasses.dataclass(frozen=True, eq=False)
class DisplayScale:
    """How a network's input becomes grey or colour values again.

    Attributes
    ----------
    low, high
        Shape (channels). What is shown as black and as white.

    """

    low: AnyArray
    high: AnyArray

    @classmethod
    def of(cls, pixels: FloatArray) -> "DisplayScale":
        """Look at the first images of a table, shape (images, channels, rows, columns)."""
        sample = np.asarray(pixels[:_SAMPLE])
        low, high = sample.min(axis=(0, 2, 3)), sample.max(axis=(0, 2, 3))
        return cls(low, np.where(high > low, high, low + 1))

    def shown(self, image: FloatArray) -> ByteArray:
        """Give an image of shape (channels, rows, columns) as bytes (rows, columns[, 3])."""
        low, span = self.low[:, None, None], (self.high - self.low)[:, None, None]
        values = np.rint(255 * np.clip((image - low) / span, 0, 1)).astype(np.uint8)
        # Other than one or three channels cannot be shown: the first stands for all.
        return np.moveaxis(values, 0, -1) if len(values) == _COLOURS else values[0]

    def uri(self, image: FloatArray) -> str:
        """Give an image of shape (channels, rows, columns) as a data URI."""
        return data_uri(png(self.shown(image)))


def png(values: ByteArray) -> bytes:
    """Write bytes of shape (rows, columns) or (rows, columns, 3) as a PNG file."""
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(target, format="PNG", optimize=True)
    return target.getvalue()


def data_uri(content: bytes) -> str:
    """Wrap a PNG file for use inside a page."""
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def heat_uri(importance: AnyArray, shape: tuple[int, ...]) -> str:
    """Give a pixel map as a data URI, white for nothing and dark red for the most.

    Parameters
    ----------
    importance
        Shape (channels x rows x columns), not negative.
    shape
        The channels, rows and columns.

    """
    heat = importance.reshape(shape).sum(axis=0)
    share = (heat / max(float(heat.max()), 1e-12))[..., None]
    white, red = np.array([255.0, 255.0, 255.0]), np.array([140.0, 10.0, 20.0])
    return data_uri(png(np.rint(white + share * (red - white)).astype(np.uint8)))


def atlas_png(atlas: Atlas, scale: DisplayScale) -> bytes:
    """Draw the atlas: a row for each factor, a column for each cluster's mean image."""
    images = [[scale.shown(portrait.mean_image) for portrait in row] for row in atlas.portraits]
    rows, columns = images[0][0].shape[:2]
    widest = max(len(row) for row in images)
    sheet = np.full(
        ((rows + 2) * len(images) + 2, (columns + 2) * widest + 2, *images[0][0].shape[2:]),
        255,
        dtype=np.uint8,
    )
    for r, row in enumerate(images):
        for c, image in enumerate(row):
            top, left = 2 + r * (rows + 2), 2 + c * (columns + 2)
            sheet[top : top + rows, left : left + columns] = image
    return png(sheet)
