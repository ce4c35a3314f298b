"""What a trained interpreter achieves on a set of images."""

import dataclasses
from typing import final

import numpy as np
import torch

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.observing import Source
from explainers.attributes.served.relevance import (
    TAUS,
    class_relevances,
    conciseness,
    contributions,
    exclusivity,
    relevances,
)

BATCH = 250
DEAD = 1e-3  # a mean activation below it, over all images
THRESHOLD = 0.2  # 1 / tau at tau = 5


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Passed:
    """What predictor and interpreter make of images.

    Attributes
    ----------
    phi
        Shape (images, attributes).
    f_logits, g_logits
        Shape (images, classes).
    errors
        Shape (images). The mean squared difference of image and reconstruction, pixels
        in [0, 1].
    labels
        Shape (images).

    """

    phi: FloatArray
    f_logits: FloatArray
    g_logits: FloatArray
    errors: FloatArray
    labels: IntArray

    @property
    def f(self) -> IntArray:
        """The class that f gives each image, shape (images)."""
        return classes_of(self.f_logits)

    @property
    def g(self) -> IntArray:
        """The class that g gives each image, shape (images)."""
        return classes_of(self.g_logits)

    def relevances(self, weights: FloatArray) -> DoubleArray:
        """Give r for g's class, shape (images, attributes), by W transposed."""
        return relevances(contributions(self.phi, weights, self.g))


def classes_of(logits: FloatArray) -> IntArray:
    """Give the class of the largest logit, shape (images)."""
    found: IntArray = logits.argmax(axis=1).astype(np.int64)
    return found


def pass_through(interpreter: Interpreter, source: Source) -> Passed:
    """Run all images of a source through both, without gradients, in float32."""
    phi, f_logits, g_logits, errors = [], [], [], []
    labels = list[torch.Tensor]()
    unused = np.random.default_rng(0)
    with torch.no_grad():
        for start in range(0, len(source), BATCH):
            rows = np.arange(start, min(start + BATCH, len(source)), dtype=np.int64)
            seen = source.observe(rows, unused)
            found = interpreter(seen.maps)
            phi.append(found.phi)
            f_logits.append(seen.logits)
            g_logits.append(found.logits)
            errors.append((found.reconstruction - seen.images).square().mean(dim=(1, 2, 3)))
            labels.append(seen.labels)
    parts = [torch.cat(part).numpy() for part in (phi, f_logits, g_logits, errors, labels)]
    return Passed(*parts)


@final
@dataclasses.dataclass(frozen=True)
class Measured:
    """The figures of one set of images; shares are between 0 and 1.

    Attributes
    ----------
    f, g
        Accuracy.
    fidelity
        The share of images where f and g name the same class.
    input_error
        The mean squared error of the reconstruction, pixels in [0, 1].
    cns, cns_absolute
        The conciseness by tau, of signed and of absolute relevances.
    live
        Attributes that are not dead: on the mean above 0.001.
    used
        By class, how many attributes have a mean relevance above 0.2.
    served
        By attribute, of how many classes.
    gap
        The first attribute's relevance less the second's, mean over classes.

    """

    f: float
    g: float
    fidelity: float
    input_error: float
    cns: dict[str, float]
    cns_absolute: dict[str, float]
    live: int
    used: tuple[int, ...]
    served: tuple[int, ...]
    gap: float


def measure(passed: Passed, weights: FloatArray) -> Measured:
    """Give the figures of a set of images.

    Parameters
    ----------
    passed
        What predictor and interpreter made of them.
    weights
        Shape (classes, attributes). W transposed.

    """
    f, g, r = passed.f, passed.g, passed.relevances(weights)
    table: DoubleArray = class_relevances(r, g, f == g, len(weights))
    gaps, used, served = exclusivity(table, THRESHOLD)
    return Measured(
        f=float((f == passed.labels).mean()),
        g=float((g == passed.labels).mean()),
        fidelity=float((f == g).mean()),
        input_error=float(passed.errors.mean()),
        cns={f"{tau:g}": conciseness(r, tau) for tau in TAUS},
        cns_absolute={f"{tau:g}": conciseness(r, tau, absolute=True) for tau in TAUS},
        live=int((passed.phi.mean(axis=0) > DEAD).sum()),
        used=tuple(used.tolist()),
        served=tuple(served.tolist()),
        gap=float(gaps.mean()),
    )
