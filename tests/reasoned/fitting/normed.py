"""A torch network with batch normalisation and a buffer, as a user's package would have it."""

import functools

import numpy as np
import torch
from torch import nn

from reasoned.datasets.sources import open_dataset


@functools.cache
def normed() -> nn.Module:
    """Train it once on the digits; every caller gets the same object."""
    dataset = open_dataset("digits")
    rows = range(0, len(dataset), 2)
    pixels = np.stack([dataset.image(row) for row in rows]).transpose(0, 3, 1, 2)
    images = torch.from_numpy(pixels.astype(np.float32) / np.float32(255))
    labels = torch.from_numpy(dataset.labels[::2].copy())
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 16),
        nn.ReLU(),
        nn.Linear(16, 10),
    )
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(60):
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(images), labels).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
    return network.eval()
