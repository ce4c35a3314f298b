"""From an image to the network's input: declared once, run at fit and at serve time."""

import functools
from typing import Annotated, Literal, Self, final

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, model_validator

from explainers.arrays import ByteArray, FloatArray
from explainers.errors import ShapeError

Side = Annotated[int, Field(ge=1, le=4096)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
_COLOUR = 3


@final
class Preprocessing(BaseModel):
    """How an image becomes the network's input.

    The channels are converted, then the size, and then, per channel::

        input = (value / 255 - mean) / std

    Attributes
    ----------
    height, width
        The input's rows and columns.
    channels
        1 for grey (of a colour image, its luma) or 3 for red, green, blue.
    resize
        ``stretch`` ignores the proportions; ``crop`` scales until the image covers the
        target and cuts the centre out; ``pad`` scales until it fits and adds black.
    interpolation
        Bilinear, over a window that grows with the reduction: no aliasing.
    mean, std
        One number per channel, on the scale from 0 to 1.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    height: Side
    width: Side
    channels: Literal[1, 3]
    resize: Literal["stretch", "crop", "pad"] = "stretch"
    interpolation: Literal["bilinear_antialiased"] = "bilinear_antialiased"
    mean: tuple[Number, ...]
    std: tuple[Positive, ...]

    @model_validator(mode="after")
    def _one_number_per_channel(self) -> Self:
        for name, values in (("mean", self.mean), ("std", self.std)):
            if len(values) != self.channels:
                raise ValueError(
                    f"{name} must hold one number per channel ({self.channels}), not {len(values)}"
                )
        return self

    def apply(self, image: ByteArray) -> FloatArray:
        """Turn an image into the network's input.

        Parameters
        ----------
        image
            Shape (rows, columns, channels), with one or three channels, 0 to 255.

        Returns
        -------
        FloatArray
            Shape (channels, rows, columns).

        Raises
        ------
        ShapeError
            When `image` is not such an array.

        """
        sized = self.resized(image)  # (rows, columns, channels)
        table = _table(self.mean, self.std)  # (channels, 256)
        if self.channels == 1:
            grey: FloatArray = table[0].take(sized[:, :, 0])
            return grey[np.newaxis]
        found = np.empty((self.channels, self.height, self.width), np.float32)
        for channel in range(self.channels):
            np.take(table[channel], sized[:, :, channel], out=found[channel], mode="clip")
        return found

    def resized(self, image: ByteArray) -> ByteArray:
        """Give the image in the network's size and channels, still as bytes.

        Raises
        ------
        ShapeError
            When `image` is not an array of bytes (rows, columns, 1 or 3 channels).

        """
        if image.ndim != 3 or image.shape[2] not in (1, _COLOUR) or image.dtype != np.uint8:
            raise ShapeError(
                "image must have shape (rows, columns, channels=1 or 3) and hold uint8, "
                f"not {image.shape} of {image.dtype}"
            )
        if self.channels == 1 and image.shape[2] == _COLOUR:
            image = _luma(image)
        if image.shape[:2] != (self.height, self.width):
            image = self._resampled(image)
        if self.channels == _COLOUR and image.shape[2] == 1:
            image = np.repeat(image, _COLOUR, axis=2)
        return image

    def _resampled(self, image: ByteArray) -> ByteArray:
        rows, columns = image.shape[:2]
        if self.resize == "stretch":
            return _resample(image, (self.height, self.width), (0, 0, columns, rows))
        if self.resize == "crop":
            box = _cover(rows, columns, self.height, self.width)
            return _resample(image, (self.height, self.width), box)
        inner = _fit(rows, columns, self.height, self.width)
        found = np.zeros((self.height, self.width, image.shape[2]), np.uint8)
        top, left = (self.height - inner[0]) // 2, (self.width - inner[1]) // 2
        found[top : top + inner[0], left : left + inner[1]] = _resample(
            image, inner, (0, 0, columns, rows)
        )
        return found


@functools.lru_cache(maxsize=64)
def _table(mean: tuple[float, ...], std: tuple[float, ...]) -> FloatArray:
    values = np.arange(256) / 255
    table = [(values - m) / s for m, s in zip(mean, std, strict=True)]
    return np.array(table, np.float32)  # (channels, 256)


def _luma(image: ByteArray) -> ByteArray:
    # ITU-R 601, with weights that add up to one: what is grey stays what it is.
    return np.asarray(Image.fromarray(image).convert("L"))[:, :, np.newaxis]


def _cover(rows: int, columns: int, height: int, width: int) -> tuple[float, float, float, float]:
    """Find the part of the image that is seen once it covers the target and is cut.

    The same as scaling the whole and cutting afterwards, pixel for pixel, but an image
    16 million columns wide and one row high is never blown up on the way.
    """
    if height * columns >= width * rows:
        tall, wide = height, height * columns // rows
    else:
        tall, wide = width * rows // columns, width
    top, left = round((tall - height) / 2), round((wide - width) / 2)
    down, across = rows / tall, columns / wide
    return (
        left * across,
        top * down,
        min(columns, (left + width) * across),
        min(rows, (top + height) * down),
    )


def _fit(rows: int, columns: int, height: int, width: int) -> tuple[int, int]:
    if height * columns >= width * rows:
        return max(1, round(width * rows / columns)), width
    return height, max(1, round(height * columns / rows))


def _resample(
    image: ByteArray, size: tuple[int, int], box: tuple[float, float, float, float]
) -> ByteArray:
    grey = image.shape[2] == 1
    picture = Image.fromarray(image[:, :, 0] if grey else image)
    drawn = picture.resize((size[1], size[0]), Image.Resampling.BILINEAR, box=box)
    return np.asarray(drawn).reshape(*size, image.shape[2])
