"""Small torch networks that differ in what lies above their last convolutional map."""

from typing import final

import torch
from torch import nn


@final
class Skip(nn.Module):
    """Two convolutions, the second added to the first."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.head = nn.Linear(64, 3)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = torch.relu(self.first(image))
        logits: torch.Tensor = self.head((seen + torch.relu(self.second(seen))).flatten(1))
        return logits


@final
class Shared(nn.Module):
    """One activation module that runs twice, and a head that is not piecewise linear."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.act = nn.GELU()
        self.wide = nn.Linear(16, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = self.act(self.conv(image)).flatten(1)
        logits: torch.Tensor = self.head(self.act(self.wide(seen)))
        return logits


def two_dense() -> nn.Module:
    """Psi has 16 numbers, boundary space 6: the input of a leaky ReLU."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16, 6),
        nn.LeakyReLU(0.2),
        nn.Linear(6, 5),
        nn.ReLU(),
        nn.Linear(5, 3),
    )


def widening() -> nn.Module:
    """The layer that reads psi is larger than psi."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 20), nn.ReLU(), nn.Linear(20, 3)
    )


def pooled() -> nn.Module:
    """A head that starts with max-pooling; layer 1 is the map before it."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16, 6),
        nn.ReLU(),
        nn.Linear(6, 3),
    )


def averaged() -> nn.Module:
    """Global average pooling and one affine layer: a single piece."""
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 3),
    )
    state = network.state_dict()  # as training would leave it
    state["1.running_mean"].uniform_(-1, 1)
    state["1.running_var"].uniform_(0.5, 2)
    return network


def smooth() -> nn.Module:
    """A GELU above the map, which the ReLU module puts out."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 3)
    )
