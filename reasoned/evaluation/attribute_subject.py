"""A model with attribute functions and its test images, opened for an evaluation."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, final

import numpy as np

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.measuring import classes_of
from explainers.attributes.fitting.observing import Scale
from explainers.attributes.served import Attributes
from explainers.attributes.served.psi import ServedPsi
from explainers.fitting_contract import Lower
from reasoned.errors import DataError
from reasoned.evaluation.evaluation import Request
from reasoned.fitting.input_range import input_range
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network
from reasoned.inference.session import LAYERS
from reasoned.network.lower import tapped_lower

BATCH: Final = 128
Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Answers:
    """What the network f and the interpreter g say of images.

    Attributes
    ----------
    f_logits, g_logits
        Shape (images, classes).
    phi
        Shape (images, attributes).

    """

    f_logits: FloatArray
    g_logits: FloatArray
    phi: FloatArray

    @property
    def f(self) -> IntArray:
        """The class that the network gives each image."""
        return classes_of(self.f_logits)

    @property
    def g(self) -> IntArray:
        """The class that the interpreter gives each image."""
        return classes_of(self.g_logits)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Packaged:
    """The network of a model folder, and the interpreter in it, as they answer requests.

    Attributes
    ----------
    network
        As `reasoned serve` runs it.
    stored
        The fitted method.

    """

    network: Network
    stored: Attributes

    def answers(self, pixels: FloatArray, progress: Progress, label: str) -> Answers:
        """Ask both for inputs of shape (images, channels, rows, columns), one at a time."""
        psi, count = ServedPsi.of(self.stored), len(self.stored.attribute_bias)
        logits, numbers = [], []
        for i in progress(range(len(pixels)), label):
            found = self.network.run(np.array(pixels[i], np.float32))
            given = found.heads.get(self.stored.name)
            if given is None:
                given = psi.numbers(self._maps(np.array(pixels[i], np.float32)))
            logits.append(found.logits)
            numbers.append(given)
        both = np.array(numbers, np.float32)
        return Answers(np.array(logits), both[:, count:], both[:, :count])

    def logits(self, pixels: FloatArray) -> FloatArray:
        """Ask the network alone, in batches; shape (images, classes)."""
        parts = [
            self.network.run_many(pixels[start : start + BATCH])["logits"]
            for start in range(0, len(pixels), BATCH)
        ]
        return np.concatenate(parts)

    def _maps(self, pixels: FloatArray) -> tuple[FloatArray, ...]:
        found = self.network.run_without_heads(pixels)
        taps = (getattr(found, tap) for tap in LAYERS)
        return tuple(array for array in taps if array is not None)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class AttributeSubject:
    """What is evaluated.

    Attributes
    ----------
    name
        The model's.
    packaged
        Network and interpreter.
    lower
        The network below the tapped layers, to be differentiated.
    pixels
        Shape (images, channels, rows, columns). The test images as the network's input.
    labels
        Shape (images). Their true classes.
    answers
        What both say of them.
    mean_image
        Shape (channels, rows, columns). Of the training images, pixels in [0, 1].
    preprocessing
        What made the pixels.

    """

    name: str
    packaged: Packaged
    lower: Lower
    pixels: FloatArray
    labels: IntArray
    answers: Answers
    mean_image: FloatArray
    preprocessing: Preprocessing

    @property
    def stored(self) -> Attributes:
        """The fitted method."""
        return self.packaged.stored

    @property
    def scale(self) -> Scale:
        """Say which inputs are black and white pixels."""
        return Scale(*input_range(self.preprocessing))


def open_attribute_subject(request: Request, scratch: Path, progress: Progress) -> AttributeSubject:
    """Open a model folder and its data, and run network and interpreter over the test split.

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
        When the model carries no attributes, or the data is not what it was fitted on.

    """
    own = open_own_splits(request.model, request.data, request.data_dir, request.groups)
    if Attributes.name not in own.manifest.methods:
        raise DataError(
            f"{request.model} carries {', '.join(own.manifest.methods)} and no attributes; fit "
            "it with --methods ...,attributes"
        )
    path = request.model / "network.onnx"
    packaged = Packaged(Network.load(path), Attributes.load(request.model / "methods"))
    as_input, rows = own.manifest.preprocessing, own.splits.test
    pixels = prepare_pixels(own.dataset, rows, as_input, scratch / "test.npy", progress)
    return AttributeSubject(
        name=own.manifest.name,
        packaged=packaged,
        lower=tapped_lower(path, packaged.network, packaged.stored.layers, pixels),
        pixels=pixels,
        labels=own.dataset.labels[rows].astype(np.int64),
        answers=packaged.answers(pixels, progress, "test images"),
        mean_image=_mean_image(own, progress),
        preprocessing=as_input,
    )


def _mean_image(own: OwnSplits, progress: Progress) -> FloatArray:
    as_input, rows = own.manifest.preprocessing, own.splits.train
    total = np.zeros((as_input.channels, as_input.height, as_input.width))
    for i in progress(range(len(rows)), "mean of the training images"):
        total += as_input.apply(own.dataset.image(int(rows[i])))
    std, mean = (np.array(v)[:, None, None] for v in (as_input.std, as_input.mean))
    found: FloatArray = (total / len(rows) * std + mean).astype(np.float32)
    return found
