"""Train by design on the very images that a fit takes for training, and hand the result over."""

import contextlib
import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

import numpy as np
import torch

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.measuring import Measured, measure, pass_through
from explainers.attributes.fitting.observing import Scale, Training
from explainers.attributes.fitting.training import log_of
from explainers.fitting_contract import Companion
from reasoned.errors import FolderError
from reasoned.fitting.by_design import (
    CHECKPOINT,
    ByDesignSettings,
    Images,
    Together,
    train_by_design,
)
from reasoned.fitting.by_design_watching import Watcher
from reasoned.fitting.input_range import input_range
from reasoned.fitting.inputs import settle_preprocessing
from reasoned.fitting.pipeline import fit_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.settings import FitSettings, Trained
from reasoned.images.preprocessing import Preprocessing

METHOD = "attributes"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TrainingRun:
    """A finished training.

    Attributes
    ----------
    trained
        What `FitSettings` takes.
    test
        What predictor and interpreter achieve on the fit's own test split.
    cpu_seconds
        Of all epochs.

    """

    trained: Trained
    test: Measured
    cpu_seconds: float


def train_for_fit(
    asked: FitSettings,
    design: ByDesignSettings,
    source: str,
    folder: Path,
    progress: Callable[..., Iterable[int]],
    watcher: Watcher,
) -> TrainingRun:
    """Train on the training split alone; go on where an earlier start has stopped.

    Parameters
    ----------
    asked
        The fit that follows.
    design
        How predictor and interpreter are trained.
    source
        What the model card says of where the network is from.
    folder
        Where the checkpoint is kept.
    progress
        Shows the steps of each epoch.
    watcher
        Is told of the epochs.

    Raises
    ------
    ArtefactError
        When the folder holds the checkpoint of another training.
    FolderError
        When the folder cannot be made.

    """
    preprocessing, splits = settle_preprocessing(asked), fit_splits(asked)
    scale = Scale(*input_range(preprocessing))
    design = dataclasses.replace(design, data=_told_apart(asked, preprocessing, splits.train))
    with tempfile.TemporaryDirectory(prefix="reasoned-", dir=asked.scratch) as scratch:

        def images(name: str, rows: IntArray) -> Images:
            path = Path(scratch) / f"{name}.npy"
            pixels = prepare_pixels(asked.dataset, rows, preprocessing, path, _quiet)
            labels = asked.dataset.labels[rows]
            return Images(pixels, labels, len(asked.dataset.classes), scale)

        _make(folder)
        train = images("train", splits.train)
        try:
            together = train_by_design(train, design, folder, progress, watcher)
        finally:
            # A training that never finished an epoch leaves nothing behind.
            with contextlib.suppress(OSError):
                folder.rmdir()
        test = _measured(together, images("test", splits.test))
    together.tapped.release()
    network = together.predictor.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # torch's stubs know no modules here
    trained = Trained(
        network=network.requires_grad_(requires_grad=False),
        layer=together.layer,
        layers=together.layers,
        companions={METHOD: companion_of(together, design)},
        source=source,
    )
    return TrainingRun(trained, test, sum(record.cpu_seconds for record in together.records))


def companion_of(together: Together, design: ByDesignSettings) -> Companion:
    """Give the interpreter's weights, what they are weights of, and the log of the epochs."""
    arrays: dict[str, FloatArray] = {
        name: np.ascontiguousarray(value.detach().numpy(), dtype=np.float32)
        for name, value in together.interpreter.state_dict().items()
    }
    settings = {
        "architecture": dataclasses.asdict(design.preset.architecture),
        "preset": dataclasses.asdict(design.preset),
        "seed": design.seed,
        "precision": design.precision,
        "layers": together.layers,
        "log": log_of(together.records),
    }
    return Companion(arrays, json.dumps(settings, sort_keys=True))


def remove_checkpoint(folder: Path) -> None:
    """Remove what a training kept, and its folder where nothing else is in it."""
    for name in (CHECKPOINT, Path(CHECKPOINT).with_suffix(".part").name):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _told_apart(asked: FitSettings, preprocessing: Preprocessing, rows: IntArray) -> dict[str, str]:
    return {
        "images": asked.dataset.checksum(),
        "training split": hashlib.sha256(rows.astype("<i8").tobytes()).hexdigest(),
        "input": preprocessing.model_dump_json(),
    }


def _measured(together: Together, test: Images) -> Measured:
    source = Training(test.pixels, test.labels, together.tapped, test.scale)
    weights = together.interpreter.class_weights.detach().numpy()
    return measure(pass_through(together.interpreter, source), weights)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"{folder}, for the state of the training, cannot be made: {error}; choose another "
            "--out"
        ) from error


def _quiet(items: Iterable[int], _label: str) -> Iterable[int]:
    return items
