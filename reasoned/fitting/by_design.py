"""Train predictor and interpreter together, so that they can go on after a stop."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import final

import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.architecture import Shape, shape_of
from explainers.attributes.fitting.checkpoints import load_checkpoint, save_checkpoint
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.observing import Scale, Training
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.training import EpochRecord, Precision, Trainer, with_numbers
from reasoned.fitting.by_design_predictors import (
    Chosen,
    OwnPredictor,
    new_predictor,
    tap_predictor,
)
from reasoned.fitting.by_design_watching import Begun, Watcher, seconds_per_epoch
from reasoned.network.exporting import Tapped

CHECKPOINT = "training.safetensors"
ADVICE = "give a lower --rate, or smaller weights"


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

    @property
    def image(self) -> Shape:
        """(channels, rows, columns)."""
        return self.pixels.shape[1], self.pixels.shape[2], self.pixels.shape[3]


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
    network
        The user's own predictor, or None for the preset's.
    data
        What else tells one set of training images from another, for the checkpoints.

    """

    preset: Preset
    seed: int = 0
    precision: Precision = "float32"
    threads: int = 1
    network: OwnPredictor | None = None
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def described(self, images: Images) -> str:
        """Say which training this is, for its checkpoints."""
        found = {
            "preset": dataclasses.asdict(self.preset),
            "seed": self.seed,
            "precision": self.precision,
            "images": list(images.pixels.shape),
            "classes": images.classes,
        }
        if self.network is not None:
            found["network"] = dataclasses.asdict(self.network)
        if self.data:
            found["data"] = dict(self.data)
        return json.dumps(found, sort_keys=True)


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


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Assembled:
    """Networks that are ready to be trained.

    Attributes
    ----------
    chosen
        The predictor.
    tapped
        The same, giving its tapped layers too.
    interpreter
        Psi, head and decoder.
    trainer
        Of both.

    """

    chosen: Chosen
    tapped: Tapped
    interpreter: Interpreter
    trainer: Trainer


def train_by_design(
    images: Images,
    settings: ByDesignSettings,
    folder: Path,
    progress: Callable[..., Iterable[int]],
    watcher: Watcher | None = None,
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
    watcher
        Is told how long it will take, which a few steps on a copy tell, and of each epoch.

    Raises
    ------
    ArtefactError
        When the folder holds the checkpoint of another training.
    NetworkError
        When the user's own predictor cannot be trained on these images.
    FittingError
        When the training diverges.

    """
    torch.set_num_threads(settings.threads)
    assembled = assemble(images, settings)
    path, described = folder / CHECKPOINT, settings.described(images)
    trainer = assembled.trainer
    records = load_checkpoint(path, trainer, described) if path.exists() else []
    epochs = settings.preset.epochs
    if watcher is not None:
        left = len(records) < epochs
        seconds = seconds_per_epoch(assemble(images, settings).trainer) if left else 0.0
        watcher.begins(Begun(len(records), epochs, trainer.per_epoch, seconds))
    for number in range(len(records) + 1, epochs + 1):
        records.append(with_numbers(trainer.epoch(number, progress), ADVICE))
        save_checkpoint(path, trainer, records, described)
        if watcher is not None:
            watcher.passed(records[-1])
    trainer.modules.eval()
    chosen = assembled.chosen
    return Together(
        predictor=chosen.network,
        tapped=assembled.tapped,
        interpreter=assembled.interpreter,
        layers=chosen.layers,
        layer=chosen.layer,
        records=tuple(records),
    )


def assemble(images: Images, settings: ByDesignSettings) -> Assembled:
    """Make the networks of a training, with weights drawn by its seed.

    Raises
    ------
    NetworkError
        When the user's own predictor cannot be trained on these images.

    """
    torch.manual_seed(settings.seed)
    preset, image, classes = settings.preset, images.image, images.classes
    chosen = new_predictor(preset.predictor, image, classes, settings.network)
    tapped, sizes = tap_predictor(chosen, image, classes)
    shapes = tuple(shape_of(size) for size in sizes)
    interpreter = Interpreter(shapes, image, classes, preset.architecture)
    source = Training(images.pixels, images.labels, tapped, images.scale, preset.padding)
    trainer = Trainer(interpreter, source, preset, settings.seed, settings.precision)
    return Assembled(chosen, tapped, interpreter, trainer)
