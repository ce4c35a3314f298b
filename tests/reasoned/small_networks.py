"""Small torch networks: factories that the tests name as ``module:factory``."""

from typing import final

import torch
from torch import nn

SIZE = 16
COLOUR = "tests.reasoned.small_networks:colour"


@final
class Colour(nn.Module):
    """Three channels, three classes, and an affine head."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(4)
        self.flat = nn.Flatten()
        self.fc1 = nn.Linear(6 * 16, 12)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(12, 3)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = self.flat(self.pool(self.relu(self.conv(image))))
        logits: torch.Tensor = self.fc2(self.act(self.fc1(seen)))
        return logits


@final
class Twice(nn.Module):
    """The colour network with its logits doubled, which no affine layer does."""

    def __init__(self) -> None:
        super().__init__()
        for name, module in Colour().named_children():
            self.add_module(name, module)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        found = image
        for module in self.children():
            found = module(found)
        return 2 * found


@final
class TwoHeads(nn.Module):
    """The logits are a sum of two affine layers: there is no last one."""

    def __init__(self) -> None:
        super().__init__()
        self.flat = nn.Flatten()
        self.first = nn.Linear(16, 4)
        self.second = nn.Linear(16, 4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        flat = self.flat(image)
        logits: torch.Tensor = self.first(flat) + self.second(flat)
        return logits


@final
class Unused(nn.Module):
    """One layer never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(16, 4))
        self.spare = nn.Linear(4, 4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(image)
        return logits


def colour() -> Colour:
    return Colour()


def twice() -> Twice:
    return Twice()


def convolutional() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 4)
    )


def normalised() -> nn.Module:
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 4)
    )
    state = network.state_dict()  # as training would leave it
    state["1.running_mean"].uniform_(-1, 1)
    state["1.running_var"].uniform_(0.5, 2)
    return network


def with_softmax() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 4), nn.Softmax(dim=1)
    )


def perceptron() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 4, bias=False))


def two_heads() -> nn.Module:
    return TwoHeads()


def headless() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def unused() -> nn.Module:
    return Unused()


def large() -> nn.Module:
    """224 x 224, three channels, a thousand classes."""
    return nn.Sequential(
        nn.Conv2d(3, 4, 7, stride=8), nn.ReLU(), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(196, 1000)
    )


def no_network() -> list[int]:
    return [1, 2, 3]


@final
class Noisy(nn.Module):
    """Adds noise in eval mode too."""

    def __init__(self) -> None:
        super().__init__()
        self.flat = nn.Flatten()
        self.head = nn.Linear(16, 4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        flat = self.flat(image)
        logits: torch.Tensor = self.head(flat + torch.randn_like(flat))
        return logits


def noisy() -> nn.Module:
    return Noisy()
