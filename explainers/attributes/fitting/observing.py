"""Where a training batch comes from: a predictor in training, or its cached activations."""

import dataclasses
from typing import Protocol, final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from explainers.arrays import AnyArray, FloatArray, IntArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Observed:
    """A batch as the interpreter sees it.

    Attributes
    ----------
    images
        Shape (images, channels, rows, columns), in [0, 1].
    labels
        Shape (images).
    logits
        Shape (images, classes). Of f.
    maps
        f_I(x): one or two, each with a leading axis (images).

    """

    images: torch.Tensor
    labels: torch.Tensor
    logits: torch.Tensor
    maps: tuple[torch.Tensor, ...]


class Source(Protocol):
    """Training images, and what the predictor makes of them."""

    def __len__(self) -> int:
        """Count the images."""
        ...

    def observe(self, rows: IntArray, rng: np.random.Generator) -> Observed:
        """Give a batch; `rng` draws the augmentation."""
        ...

    def network(self) -> nn.Module | None:
        """Give the predictor that is trained too, or None."""
        ...


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Scale:
    """Between the network's input and pixels in [0, 1].

    Attributes
    ----------
    low, high
        Shape (channels). What a black and a white pixel become in the network's input.

    """

    low: FloatArray
    high: FloatArray

    def to_pixels(self, given: torch.Tensor) -> torch.Tensor:
        """Give pixels in [0, 1] for inputs of shape (images, channels, rows, columns)."""
        low, high = self._bounds()
        return (given - low) / (high - low)

    def to_input(self, images: torch.Tensor) -> torch.Tensor:
        """Give inputs for pixels in [0, 1], of shape (images, channels, rows, columns)."""
        low, high = self._bounds()
        return images * (high - low) + low

    def _bounds(self) -> tuple[torch.Tensor, torch.Tensor]:
        low, high = torch.from_numpy(np.array(self.low)), torch.from_numpy(np.array(self.high))
        return low[None, :, None, None], high[None, :, None, None]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Training:
    """Images that pass through a predictor in training.

    Attributes
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input; may be a memory map.
    labels
        Shape (images).
    predictor
        Gives ``(logits, map)`` or ``(logits, map, map)`` for a batch of inputs.
    scale
        Of the input.
    padding
        By how many pixels images are padded before they are cropped at random.

    """

    pixels: FloatArray
    labels: IntArray
    predictor: nn.Module
    scale: Scale
    padding: int = 0

    def __len__(self) -> int:
        return len(self.pixels)

    def observe(self, rows: IntArray, rng: np.random.Generator) -> Observed:
        """Run a batch through the predictor as it is now, in its present mode."""
        given = _rows(self.pixels, rows)
        if self.padding:
            # Padded where 0 is black.
            shifted = _shifted(self.scale.to_pixels(given), self.padding, rng)
            given = self.scale.to_input(shifted)
        logits, *maps = self.predictor(given.contiguous(memory_format=torch.channels_last))
        return Observed(
            images=self.scale.to_pixels(given),
            labels=torch.from_numpy(self.labels[rows]),
            logits=logits,
            maps=tuple(maps),
        )

    def network(self) -> nn.Module | None:
        """Give the predictor."""
        return self.predictor


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Cached:
    """Images whose activations are known: the network is fixed, and not even loaded.

    Attributes
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input.
    labels
        Shape (images).
    logits
        Shape (images, classes). Of f.
    maps
        f_I(x) of all images: one or two arrays with a leading axis (images).
    scale
        Of the input.

    """

    pixels: FloatArray
    labels: IntArray
    logits: FloatArray
    maps: tuple[AnyArray, ...]
    scale: Scale

    def __len__(self) -> int:
        return len(self.pixels)

    def observe(self, rows: IntArray, rng: np.random.Generator) -> Observed:  # noqa: ARG002  nothing is drawn
        """Look a batch up."""
        return Observed(
            images=self.scale.to_pixels(_rows(self.pixels, rows)),
            labels=torch.from_numpy(self.labels[rows]),
            logits=_rows(self.logits, rows),
            maps=tuple(_rows(array, rows) for array in self.maps),
        )

    def network(self) -> nn.Module | None:
        """Give none: f is fixed."""
        return None


def _rows(array: AnyArray, rows: IntArray) -> torch.Tensor:
    return torch.from_numpy(np.asarray(array[rows], dtype=np.float32))


def _shifted(images: torch.Tensor, padding: int, rng: np.random.Generator) -> torch.Tensor:
    """Pad, and crop each image at a place of its own."""
    rows, columns = images.shape[2:]
    padded = functional.pad(images, (padding,) * 4)
    places = rng.integers(0, 2 * padding + 1, (len(images), 2)).tolist()
    return torch.stack(
        [padded[i, :, r : r + rows, c : c + columns] for i, (r, c) in enumerate(places)]
    )
