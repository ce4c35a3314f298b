"""LIME on the same images: how often its linear surrogate names the network's class."""

import dataclasses
import math
from collections.abc import Callable, Iterable
from typing import Any, Final, final

import numpy as np
import torch
from captum._utils.models.model import Model
from captum.attr import Lime
from scipy import special
from sklearn.linear_model import Ridge

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.errors import ShapeError

CELLS, HELD_OUT, KEPT = 7, 20, 0.5
PENALTY, WIDTH = 1.0, 0.25  # as in the package `lime`
Logits = Callable[[FloatArray], FloatArray]
_AT_ONCE: Final = 128


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Surrogate:
    """One linear model per class, of which cells of an image are kept.

    Attributes
    ----------
    weights
        Shape (classes, cells).
    bias
        Shape (classes).

    """

    weights: DoubleArray
    bias: DoubleArray

    def classes(self, kept: BoolArray) -> IntArray:
        """Give the class of the largest probability, shape (images), for (images, cells)."""
        scores = kept.astype(np.float64) @ self.weights.T + self.bias
        found: IntArray = scores.argmax(axis=1).astype(np.int64)
        return found


@final
class _AllClasses(Model):
    """Fits all classes at once: Captum hands over numbers of samples instead of one score."""

    def __init__(self) -> None:
        self.probabilities: list[DoubleArray] = []
        self.surrogate: Surrogate | None = None

    def seen(self, probabilities: DoubleArray) -> torch.Tensor:
        start = sum(len(part) for part in self.probabilities)
        self.probabilities.append(probabilities)
        return torch.arange(start, start + len(probabilities), dtype=torch.float32)

    def fit(self, train_data: Any, **_settings: Any) -> dict[str, float]:  # noqa: ANN401  captum's own types
        kept, numbers, weights = (torch.cat(part) for part in zip(*list(train_data), strict=True))
        wanted = np.concatenate(self.probabilities)[numbers.flatten().long().numpy()]
        ridge = Ridge(alpha=PENALTY).fit(
            kept.double().numpy(), wanted, sample_weight=weights.flatten().double().numpy()
        )
        self.surrogate = Surrogate(ridge.coef_.reshape(wanted.shape[1], -1), ridge.intercept_)
        return {}

    def representation(self) -> torch.Tensor:
        found = self.surrogate
        return torch.zeros(1) if found is None else torch.from_numpy(found.weights[:1])

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return x


def _nearness(
    _image: torch.Tensor, _without: torch.Tensor, kept: torch.Tensor, **_settings: object
) -> float:
    """Weigh a sample by the cosine distance of its cells from all cells, as `lime` does."""
    distance = 1.0 - math.sqrt(float(kept.float().mean()))
    return math.exp(-(distance**2) / (2 * WIDTH**2))


def cells_of(rows: int, columns: int) -> IntArray:
    """Divide an image into 7 x 7 cells, fewer where it has fewer pixels; (rows, columns)."""
    down, across = min(CELLS, rows), min(CELLS, columns)
    found = (np.arange(rows) * down // rows)[:, None] * across + np.arange(
        columns
    ) * across // columns
    return found.astype(np.int64)


def without_cells(
    image: FloatArray, kept: BoolArray, cells: IntArray, black: FloatArray
) -> FloatArray:
    """Blacken cells of one image (channels, rows, columns); shape (variants, ...).

    Parameters
    ----------
    image
        The network's input.
    kept
        Shape (variants, cells).
    cells
        Shape (rows, columns). Which cell each pixel is in.
    black
        Shape (channels). The input of a black pixel.

    """
    return np.where(kept[:, cells][:, None], image[None], black[None, :, None, None]).astype(
        np.float32
    )


def fit_lime(
    image: FloatArray, logits_of: Logits, black: FloatArray, samples: int, seed: int
) -> Surrogate:
    """Fit the surrogate of every class around one image by Captum's `Lime`.

    Parameters
    ----------
    image
        Shape (channels, rows, columns). The network's input.
    logits_of
        The network, from (images, channels, rows, columns) to (images, classes).
    black
        Shape (channels). What stands where a cell is removed.
    samples
        How many images with cells removed at random it is fitted on.
    seed
        Of these.

    References
    ----------
    Ribeiro et al., "Why should I trust you?", KDD 2016. Cells of a grid instead of
    superpixels, which images of 28 x 28 do not have; ridge regression and kernel of the
    authors' package. All classes share their samples.

    """
    fitting = _AllClasses()

    def numbered(given: torch.Tensor) -> torch.Tensor:
        return fitting.seen(special.softmax(logits_of(given.numpy()).astype(np.float64), axis=1))

    lime = Lime(
        numbered,
        interpretable_model=fitting,
        similarity_func=_nearness,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        lime.attribute(
            torch.from_numpy(image[None]),
            baselines=torch.from_numpy(black[None, :, None, None].copy()),
            feature_mask=torch.from_numpy(cells_of(*image.shape[1:]))[None, None],
            n_samples=samples,
            perturbations_per_eval=_AT_ONCE,
            return_input_shape=False,
        )
    if fitting.surrogate is None:
        raise ShapeError("Captum's Lime must fit its model, but it did not")
    return fitting.surrogate


@final
@dataclasses.dataclass(frozen=True, eq=False)
class LimeAgreement:
    """Where LIME and the network name the same class.

    Attributes
    ----------
    itself
        Shape (images). At the image, with no cell removed.
    removed
        Shape (images, variants). On images with cells removed: fresh draws of what it was
        fitted on.
    variants
        Shape (images, variants, channels, rows, columns). Those images.
    classes
        Shape (images, variants). The network's classes there.

    """

    itself: BoolArray
    removed: BoolArray
    variants: FloatArray
    classes: IntArray


def lime_agreement(
    pixels: FloatArray,
    logits_of: Logits,
    black: FloatArray,
    asked: tuple[int, int],
    progress: Callable[..., Iterable[int]],
) -> LimeAgreement:
    """Fit LIME to each image, and compare its classes with the network's.

    Parameters
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input.
    logits_of, black
        As for `fit_lime`.
    asked
        (samples, seed).
    progress
        Shows the images.

    """
    samples, seed = asked
    cells = cells_of(*pixels.shape[2:])
    count = int(cells.max()) + 1
    named, itself, removed, variants, classes = logits_of(pixels).argmax(axis=1), [], [], [], []
    for i in progress(range(len(pixels)), "LIME"):
        surrogate = fit_lime(pixels[i], logits_of, black, samples, seed + i)
        kept = np.random.default_rng([seed, 1, i]).random((HELD_OUT, count)) < KEPT
        without = without_cells(pixels[i], kept, cells, black)
        truth = logits_of(without).argmax(axis=1).astype(np.int64)
        itself.append(surrogate.classes(np.ones((1, count), np.bool_))[0] == named[i])
        removed.append(surrogate.classes(kept) == truth)
        variants.append(without)
        classes.append(truth)
    return LimeAgreement(*(np.array(part) for part in (itself, removed, variants, classes)))


def cell_count(rows: int, columns: int) -> int:
    """Say how many cells an image is divided into."""
    return math.prod(min(CELLS, side) for side in (rows, columns))
