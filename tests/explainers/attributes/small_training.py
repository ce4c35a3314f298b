"""A training so small that it takes no time: noise in three classes, the paper's networks."""

import dataclasses
from pathlib import Path

import numpy as np
import torch
from torch import nn

from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.observing import Scale, Training
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.schedule import Schedule, staged
from explainers.attributes.fitting.training import EpochRecord, Trainer
from explainers.fitting_contract import silent

EVERYTHING = Schedule(staged(beta=(0.5, 1), gamma=(0.8, 1), delta=(0.2, 2)))
SMALL = Preset(
    architecture=Architecture(attributes=5, width=8),
    predictor="lenet",
    schedule=EVERYTHING,
    epochs=3,
    batch=8,
    rate=1e-3,
)
SCALE = Scale(np.zeros(1, np.float32), np.ones(1, np.float32))


class Predictor(nn.Module):
    """A convolution with dropout, which is tapped, and a head of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.lower = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Dropout(0.3), nn.ReLU()
        )
        self.head = nn.Linear(4 * 36, 3)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        tapped = self.lower(image)
        return self.head(tapped.flatten(1)), tapped


def trainer_of(preset: Preset = SMALL, seed: int = 0) -> Trainer:
    """Make a new trainer of the small predictor; the same seed makes the same one."""
    rng = np.random.default_rng(9)
    pixels = rng.random((40, 1, 6, 6), dtype=np.float32)
    labels = np.arange(40, dtype=np.int64) % 3
    torch.manual_seed(seed)
    source = Training(pixels, labels, Predictor().eval(), SCALE, preset.padding)
    interpreter = Interpreter(((4, 6, 6),), (1, 6, 6), 3, preset.architecture)
    return Trainer(interpreter, source, preset, seed)


def train(trainer: Trainer, *epochs: int) -> list[EpochRecord]:
    """Train the given epochs."""
    return [trainer.epoch(number, silent) for number in epochs]


def states(trainer: Trainer) -> dict[str, torch.Tensor]:
    """Copy everything that a training changes: weights, buffers, moments."""
    found = {name: value.clone() for name, value in trainer.modules.state_dict().items()}
    for number, parameter in enumerate(trainer.modules.parameters()):
        for name, value in trainer.optimiser.state.get(parameter, {}).items():
            found[f"{number} {name}"] = torch.as_tensor(value).clone()
    return found


def same(first: Trainer, second: Trainer) -> None:
    """Fail unless both are the same, number for number."""
    one, other = states(first), states(second)
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], rtol=0, atol=0, msg=name)


def later(preset: Preset, **changed: object) -> Preset:
    """Give the preset with some fields changed."""
    return dataclasses.replace(preset, **changed)  # type: ignore[arg-type]  # fields of any type


def checkpoint(folder: Path) -> Path:
    """Say where a test keeps its checkpoint."""
    return folder / "training.safetensors"
