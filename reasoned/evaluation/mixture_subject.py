"""A model with a mixture and its images, opened for an evaluation."""

import dataclasses
from pathlib import Path
from typing import Final, final

import numpy as np

from explainers.arrays import FloatArray, IntArray
from explainers.mixture.served import Mixture
from reasoned.errors import DataError
from reasoned.evaluation.evaluation import Request
from reasoned.evaluation.mixture_explanations import features_of, read_by_gate
from reasoned.evaluation.mixture_network import (
    BATCH,
    FromPixels,
    PixelNetwork,
    differentiable,
)
from reasoned.evaluation.mixture_peers import Progress
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.inference import Network

MOST_ROWS: Final = 3500  # training images of a class that rivals are fitted on


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """Images, and what the network left behind.

    Attributes
    ----------
    labels
        Shape (images). Their true classes.
    inputs
        Shape (images, channels, rows, columns). May be a memory map.
    logits
        Shape (images, classes).
    features
        Shape (images, features). What the regressions read.
    read
        Shape (images, gate features). What the gate reads.

    """

    labels: IntArray
    inputs: FloatArray
    logits: FloatArray
    features: FloatArray
    read: FloatArray

    @property
    def predicted(self) -> IntArray:
        """The class that the network gives each image."""
        found: IntArray = self.logits.argmax(axis=1).astype(np.int64)
        return found


@final
@dataclasses.dataclass(frozen=True, eq=False)
class MixtureSubject:
    """What is evaluated.

    Attributes
    ----------
    name
        The model's.
    stored
        The fitted method.
    pixels
        The network.
    torch
        The same, to be differentiated, or why it cannot be.
    test
        Images that no fit has seen.
    train
        Training images, at most 3,500 of a class: what the rivals are fitted on.
    examples
        Shape (examples, values). The training images that the method names, as pixels.

    """

    name: str
    stored: Mixture
    pixels: PixelNetwork
    torch: FromPixels | str
    test: Seen
    train: Seen
    examples: FloatArray

    def values(self, seen: Seen, rows: IntArray) -> FloatArray:
        """Give images as flattened pixels from 0, black, to 1, white."""
        return self.pixels.values(np.array(seen.inputs[rows]))


def open_mixture_subject(request: Request, scratch: Path, progress: Progress) -> MixtureSubject:
    """Open a model folder and its data, and run the network over what is needed of it.

    Parameters
    ----------
    request
        Which model, on which data.
    scratch
        A folder for memory maps.
    progress
        Shows the images.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the model carries no mixture, or the data is not what it was fitted on.

    """
    own = open_own_splits(request.model, request.data, request.data_dir, request.groups)
    if Mixture.name not in own.manifest.methods:
        raise DataError(
            f"{request.model} carries {', '.join(own.manifest.methods)} and no mixture; fit it "
            "with --methods ...,mixture"
        )
    stored = Mixture.load(request.model / "methods")
    path = request.model / "network.onnx"
    pixels = PixelNetwork(Network.load(path), stored.black, stored.white)
    rng = np.random.default_rng([request.settings.seed, 11])
    rows = {"test": own.splits.test, "train": _some_of_each(own, rng)}
    test, train = (
        _see(stored, pixels, _read(own, rows[name], scratch / f"{name}.npy", progress), progress)
        for name in ("test", "train")
    )
    shown = _read(own, stored.example_rows, scratch / "examples.npy", progress)[1]
    first = pixels.values(np.array(test.inputs[:BATCH]))
    return MixtureSubject(
        name=own.manifest.name,
        stored=stored,
        pixels=pixels,
        torch=differentiable(path, pixels, first),
        test=test,
        train=train,
        examples=pixels.values(np.array(shown)),
    )


def _some_of_each(own: OwnSplits, rng: np.random.Generator) -> IntArray:
    rows = rng.permutation(own.splits.train)
    labels = own.dataset.labels[rows]
    kept = [rows[labels == label][:MOST_ROWS] for label in np.unique(labels)]
    return np.sort(np.concatenate(kept)).astype(np.int64)


def _read(
    own: OwnSplits, rows: IntArray, path: Path, progress: Progress
) -> tuple[IntArray, FloatArray]:
    inputs = prepare_pixels(own.dataset, rows, own.manifest.preprocessing, path, progress)
    return own.dataset.labels[rows].astype(np.int64), inputs


def _see(
    stored: Mixture,
    pixels: PixelNetwork,
    images: tuple[IntArray, FloatArray],
    progress: Progress,
) -> Seen:
    labels, inputs = images
    logits, features, read = [], [], []
    for start in progress(range(0, len(inputs), BATCH), "network"):
        some = np.array(inputs[start : start + BATCH])
        found = pixels.network.run_many(some)
        logits.append(found["logits"])
        features.append(features_of(stored, pixels.values(some), found["hidden"]))
        read.append(read_by_gate(stored, features[-1], found["hidden"]))
    both = np.concatenate(features)
    same = stored.gate_reads != "hidden"
    return Seen(
        labels, inputs, np.concatenate(logits), both, both if same else np.concatenate(read)
    )
