"""The reference network: a small ReLU CNN, trained here when none is given."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray

UNITS = 128
BATCH = 128
LAYER = "hidden"
_PEAK_RATE = 3e-3
_IMAGES_SEEN = 400_000


@final
class ReferenceNetwork(nn.Module):
    """Convolutions with ReLU and max-pooling, one hidden layer of 128, one affine head."""

    def __init__(self, channels: int, rows: int, columns: int, classes: int) -> None:
        super().__init__()
        widths, blocks = [32, 64, 128, 128], list[nn.Module]()
        count = 2 if max(rows, columns) <= 32 else 3 if max(rows, columns) <= 64 else 4
        before = channels
        for width in widths[:count]:
            blocks += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            before = width
        size = before * (rows >> count) * (columns >> count)
        self.features = nn.Sequential(*blocks)
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(size, UNITS), nn.ReLU())
        self.head = nn.Linear(UNITS, classes)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Give logits, shape (images, classes), for (images, channels, rows, columns)."""
        logits: torch.Tensor = self.head(self.hidden(self.features(image)))
        return logits


@final
@dataclasses.dataclass(frozen=True)
class Training:
    """How the reference network is trained.

    Attributes
    ----------
    epochs
        Passes over the training images; 0 for as many as make about 400,000 images.
    flip
        Whether images are mirrored at random.
    seed
        Of the weights, the order and the mirroring.
    threads
        How many cores torch may use.

    """

    epochs: int = 0
    flip: bool = False
    seed: int = 0
    threads: int = 2

    def passes(self, images: int) -> int:
        """Give the number of epochs for a training split of this size."""
        return self.epochs or int(np.clip(_IMAGES_SEEN // max(images, 1), 4, 60))


def train_reference(
    pixels: FloatArray,
    labels: IntArray,
    classes: int,
    training: Training,
    progress: Callable[..., Iterable[int]],
) -> ReferenceNetwork:
    """Train by AdamW under a one-cycle schedule, and return the network in eval mode.

    Parameters
    ----------
    pixels
        Shape (images, channels, rows, columns), preprocessed; may be a memory map.
    labels
        Shape (images).
    classes
        How many classes there are.
    training
        Epochs, augmentation, seed, threads.
    progress
        Shows the steps.

    """
    torch.set_num_threads(training.threads)
    torch.manual_seed(training.seed)
    order = torch.Generator().manual_seed(training.seed)
    network = ReferenceNetwork(pixels.shape[1], pixels.shape[2], pixels.shape[3], classes)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=1e-2)
    per_epoch = max(1, len(pixels) // BATCH)
    steps = per_epoch * training.passes(len(pixels))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=steps)
    batches: list[torch.Tensor] = []
    for _ in progress(range(steps), "training the reference network"):
        if not batches:
            shuffled = torch.randperm(len(pixels), generator=order)
            batches = list(torch.split(shuffled[: per_epoch * BATCH], BATCH))
        rows = batches.pop().numpy()
        images = _mirrored(torch.from_numpy(pixels[rows]), training.flip, order)
        loss = nn.functional.cross_entropy(network(images), torch.from_numpy(labels[rows]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
        schedule.step()
    return network.eval()


def _mirrored(images: torch.Tensor, flip: bool, order: torch.Generator) -> torch.Tensor:  # noqa: FBT001  private
    if not flip:
        return images
    chosen = torch.rand(len(images), generator=order) < 0.5
    return torch.where(chosen[:, None, None, None], images.flip(3), images)
