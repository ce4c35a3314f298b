"""Predictors of a user's own, by their dotted names."""

import torch
from torch import nn

SOURCE = "tests.reasoned.fitting.own_predictor"


def build() -> nn.Module:
    """Make a small network of three classes for grey images of 12 x 12."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(54, 8),
        nn.ReLU(),
        nn.Linear(8, 3),
    )


def exploding() -> nn.Module:
    """Make one whose logits are no numbers."""
    network = build()
    with torch.no_grad():
        network.get_parameter("9.weight").fill_(float("inf"))
    return network
