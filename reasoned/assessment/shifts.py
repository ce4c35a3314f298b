"""Ways in which images change after a model is deployed, each in five severities."""

import dataclasses
from collections.abc import Callable
from typing import Final, final

import numpy as np
from PIL import Image, ImageFilter

from explainers.arrays import ByteArray, DoubleArray

SEVERITIES: Final = (1, 2, 3, 4, 5)
_WHITE, _GREY = 255, 127
Change = Callable[[ByteArray, float, np.random.Generator], ByteArray]


@final
@dataclasses.dataclass(frozen=True)
class Shift:
    """One kind of change.

    Attributes
    ----------
    name
        What it is called.
    amounts
        One for each severity, growing in effect.
    words
        What an amount means; holds ``{}`` where it stands.
    change
        Applies an amount to an image; what it draws at random it draws for every amount alike.

    """

    name: str
    amounts: tuple[float, float, float, float, float]
    words: str
    change: Change

    def what(self, severity: int) -> str:
        """Say in words what a severity does; 0 is nothing."""
        return self.words.format(f"{self.amounts[severity - 1]:g}") if severity else "as they are"

    def apply(self, image: ByteArray, severity: int, rng: np.random.Generator) -> ByteArray:
        """Change one image.

        Parameters
        ----------
        image
            Shape (rows, columns, channels), 0 to 255.
        severity
            1 to 5; at 0 the image stays as it is.
        rng
            The same state draws the same noise, side or place at every severity.

        """
        return self.change(image, self.amounts[severity - 1], rng) if severity else image


def add_noise(image: ByteArray, amount: float, rng: np.random.Generator) -> ByteArray:
    """Add normal noise, `amount` its standard deviation in grey levels."""
    return _as_bytes(image + amount * rng.standard_normal(image.shape))


def blur(image: ByteArray, amount: float, _rng: np.random.Generator) -> ByteArray:
    """Blur by a Gaussian whose standard deviation is `amount` percent of the shorter side."""
    radius = amount / 100 * min(image.shape[:2])
    return _by_channel(image, lambda one: one.filter(ImageFilter.GaussianBlur(radius)))


def rotate(image: ByteArray, amount: float, rng: np.random.Generator) -> ByteArray:
    """Turn by `amount` degrees to a random side; corners get the border's median."""
    angle = amount * rng.choice((-1, 1))
    border = np.concatenate((image[0], image[-1], image[:, 0], image[:, -1]))  # (pixels, channels)
    fills = iter(np.median(border, axis=0).astype(int).tolist())
    return _by_channel(
        image,
        lambda one: one.rotate(angle, Image.Resampling.BILINEAR, fillcolor=next(fills)),
    )


def occlude(image: ByteArray, amount: float, rng: np.random.Generator) -> ByteArray:
    """Cover `amount` percent of the image by a grey rectangle at a random place inside."""
    rows, columns = image.shape[:2]
    share = np.sqrt(amount / 100)
    high, wide = max(1, round(rows * share)), max(1, round(columns * share))
    down, across = rng.random(2)
    top, left = int(down * (rows - high + 1)), int(across * (columns - wide + 1))
    changed = image.copy()
    changed[top : top + high, left : left + wide] = _GREY
    return changed


def fade(image: ByteArray, amount: float, _rng: np.random.Generator) -> ByteArray:
    """Keep `amount` percent of the contrast around the image's own mean."""
    mean = image.mean()
    return _as_bytes(mean + amount / 100 * (image - mean))


SHIFTS: Final = (
    Shift("noise", (10, 20, 40, 60, 80), "normal noise of {} grey levels", add_noise),
    Shift("blur", (2, 3, 4.5, 6, 9), "Gaussian blur of {} % of the shorter side", blur),
    Shift("rotation", (5, 10, 20, 30, 45), "turned by {} degrees to either side", rotate),
    Shift("occlusion", (2, 5, 10, 20, 30), "a grey patch over {} % of the image", occlude),
    Shift("contrast", (75, 50, 35, 20, 10), "{} % of the contrast", fade),
)


def _by_channel(image: ByteArray, change: Callable[[Image.Image], Image.Image]) -> ByteArray:
    channels = [
        np.asarray(change(Image.fromarray(np.ascontiguousarray(image[:, :, channel]))))
        for channel in range(image.shape[2])
    ]
    return np.stack(channels, axis=2).astype(np.uint8)


def _as_bytes(values: DoubleArray) -> ByteArray:
    return np.rint(values).clip(0, _WHITE).astype(np.uint8)
