"""Train predictor and interpreter together, so that they can go on after a stop."""

import dataclasses
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.checkpoints import load_checkpoint, save_checkpoint
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.observing import Scale, Training
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.training import EpochRecord, Precision, Trainer
from reasoned.network import lenet_based, resnet_based
from reasoned.network.exporting import Tapped, find_layer

CHECKPOINT = "training.safetensors"
_PREDICTORS: dict[str, tuple[Callable[..., nn.Module], tuple[str, ...], str]] = {
    "lenet": (lenet_based.LenetBased, lenet_based.TAPPED, lenet_based.LAYER),
    "resnet": (resnet_based.ResnetBased, resnet_based.TAPPED, resnet_based.LAYER),
}


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Images:
    """What is trained on.

    Attributes
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input.
    labels
        Shape (images).
    classes
        C.
    scale
        Of the input.

    """

    pixels: FloatArray
    labels: IntArray
    classes: int
    scale: Scale


@final
@dataclasses.dataclass(frozen=True)
class ByDesignSettings:
    """How predictor and interpreter are trained together.

    Attributes
    ----------
    preset
        Architecture, schedule, rates.
    seed
        Of the weights, the order, the dropout and the augmentation.
    precision
        Of the forward passes.
    threads
        Of torch.

    """

    preset: Preset
    seed: int = 0
    precision: Precision = "float32"
    threads: int = 1

    def described(self, images: Images) -> str:
        """Say which training this is, for its checkpoints."""
        return json.dumps(
            {
                "preset": dataclasses.asdict(self.preset),
                "seed": self.seed,
                "precision": self.precision,
                "images": list(images.pixels.shape),
                "classes": images.classes,
            },
            sort_keys=True,
        )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Together:
    """A predictor and the interpreter that was trained with it, in eval mode.

    Attributes
    ----------
    predictor
        f.
    tapped
        The same, giving its tapped layers too.
    interpreter
        Psi, head and decoder.
    layers
        The tapped layers, by name.
    layer
        The hidden layer that other methods explain.
    records
        Of the epochs.

    """

    predictor: nn.Module
    tapped: Tapped
    interpreter: Interpreter
    layers: tuple[str, ...]
    layer: str
    records: tuple[EpochRecord, ...]


def new_predictor(preset: Preset, images: Images) -> tuple[nn.Module, tuple[str, ...], str]:
    """Make the predictor of a preset; give the tapped layers and the hidden one too."""
    factory, layers, layer = _PREDICTORS[preset.predictor]
    return factory(*images.pixels.shape[1:], images.classes), layers, layer


def train_by_design(
    images: Images,
    settings: ByDesignSettings,
    folder: Path,
    progress: Callable[..., Iterable[int]],
) -> Together:
    """Train, or go on from the folder's last epoch.

    Parameters
    ----------
    images
        The training split.
    settings
        How.
    folder
        Where the checkpoint is kept; an existing one of the same training is gone on from.
    progress
        Shows the steps of each epoch.

    Raises
    ------
    ArtefactError
        When the folder holds the checkpoint of another training.

    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    preset = settings.preset
    predictor, layers, layer = new_predictor(preset, images)
    tapped = Tapped(predictor, [find_layer(predictor, name) for name in layers])
    shapes = _shapes(tapped, images)
    image = (images.pixels.shape[1], images.pixels.shape[2], images.pixels.shape[3])
    interpreter = Interpreter(shapes, image, images.classes, preset.architecture)
    source = Training(images.pixels, images.labels, tapped, images.scale, preset.padding)
    trainer = Trainer(interpreter, source, preset, settings.seed, settings.precision)
    records = _train(trainer, settings.described(images), folder / CHECKPOINT, progress)
    return Together(predictor, tapped, interpreter, layers, layer, tuple(records))


def _train(
    trainer: Trainer, described: str, path: Path, progress: Callable[..., Iterable[int]]
) -> list[EpochRecord]:
    records = load_checkpoint(path, trainer, described) if path.exists() else []
    for number in range(len(records) + 1, trainer.preset.epochs + 1):
        records.append(trainer.epoch(number, progress))
        save_checkpoint(path, trainer, records, described)
    trainer.modules.eval()
    return records


def _shapes(tapped: Tapped, images: Images) -> tuple[tuple[int, int, int], ...]:
    """Give (channels, rows, columns) of each tapped layer; a flat one is (features, 1, 1)."""
    tapped.eval()
    with torch.no_grad():
        _, *maps = tapped(torch.zeros(1, *images.pixels.shape[1:]))
    found = [tuple(map_.shape[1:]) for map_ in maps]
    return tuple((s[0], s[1], s[2]) if len(s) == 3 else (s[0], 1, 1) for s in found)
