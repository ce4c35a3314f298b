"""The multi-layer perceptron on digits, which the paper explains; trained on a fit's own split."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from reasoned.datasets.dataset import Dataset
from reasoned.fitting.pipeline import fit_splits
from reasoned.fitting.progress import bar
from reasoned.fitting.settings import FitSettings, InputSettings, Trained

EPOCHS, BATCH, RATE = 12, 128, 1e-3
WIDTHS = (300, 100)


def perceptron(values: int, classes: int) -> nn.Module:
    """Build two hidden layers with ReLU; the explained layer is called ``hidden``."""
    first, second = WIDTHS
    lower = nn.Sequential(nn.Flatten(), nn.Linear(values, first), nn.ReLU())
    hidden = nn.Sequential(nn.Linear(first, second), nn.ReLU())
    head = nn.Linear(second, classes)
    return nn.Sequential(OrderedDict(lower=lower, hidden=hidden, head=head))


def settings_of(dataset: Dataset, spec: str, name: str) -> FitSettings:
    """Say what is fitted; methods and options are the caller's to replace."""
    inputs = InputSettings(mean=(0.0,), std=(1.0,))
    return FitSettings(dataset=dataset, spec=spec, name=name, inputs=inputs, methods=("mixture",))


def train(settings: FitSettings, seed: int = 0) -> Trained:
    """Train on the training split alone, pixels in [0, 1]."""
    torch.manual_seed(seed)
    torch.set_num_threads(settings.threads)
    dataset, rows = settings.dataset, fit_splits(settings).train
    images = np.stack([dataset.image(int(row)) for row in rows]).transpose(0, 3, 1, 2)
    pixels = torch.from_numpy(images.astype(np.float32) / np.float32(255))
    labels = torch.from_numpy(dataset.labels[rows])
    module = perceptron(int(np.prod(pixels.shape[1:])), len(dataset.classes))
    optimiser = torch.optim.Adam(module.parameters(), RATE)
    order = torch.Generator().manual_seed(seed)
    for _ in bar(range(EPOCHS), "training the perceptron"):
        for chosen in torch.split(torch.randperm(len(pixels), generator=order), BATCH):
            loss = nn.functional.cross_entropy(module(pixels[chosen]), labels[chosen])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
    widths = "-".join(str(width) for width in WIDTHS)
    said = f"perceptron {widths}, trained by {Path(__file__).name}"
    return Trained(module.eval(), "hidden", (), {}, said)
