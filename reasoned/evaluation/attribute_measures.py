"""What network and interpreter achieve on unseen images."""

from typing import Final

import numpy as np
import torch
from torch import nn

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.attributes.fitting.measuring import DEAD
from explainers.attributes.served.relevance import (
    TAUS,
    class_relevances,
    conciseness,
    contributions,
    exclusivity,
    relevances,
)
from reasoned.evaluation.attribute_figures import ClassFigures, InputFigures
from reasoned.evaluation.attribute_subject import Answers, AttributeSubject

BATCH: Final = 256


def relevances_of(answers: Answers, weights: FloatArray) -> DoubleArray:
    """Give the relevances of g's class, shape (images, attributes)."""
    return relevances(contributions(answers.phi, weights, answers.g))


def cns_curve(found: DoubleArray, *, absolute: bool = False) -> dict[str, float]:
    """Give CNS for each tau of the paper's table."""
    return {f"{tau:g}": conciseness(found, tau, absolute=absolute) for tau in TAUS}


def dead_attributes(phi: FloatArray) -> tuple[int, ...]:
    """Name the attributes whose mean over the images is below 0.001."""
    return tuple(np.flatnonzero(phi.mean(axis=0, dtype=np.float64) < DEAD).tolist())


def share(counted: BoolArray) -> float | None:
    """Give the share that is true; None of none."""
    return float(counted.mean()) if len(counted) else None


def on_errors(answers: Answers, labels: IntArray) -> tuple[int, float | None, float | None]:
    """Count the network's errors; give g's share with the same class, and with the true one."""
    wrong = answers.f != labels
    same, right = answers.g == answers.f, answers.g == labels
    return int(wrong.sum()), share(same[wrong]), share(right[wrong])


def relevance_table(answers: Answers, found: DoubleArray, classes: int) -> DoubleArray:
    """Give r_jc, shape (classes, attributes), over the images where f and g agree."""
    return class_relevances(found, answers.g, answers.f == answers.g, classes)


def class_figures(
    answers: Answers, table: DoubleArray, names: tuple[str, ...], threshold: float
) -> tuple[tuple[ClassFigures, ...], tuple[int, ...]]:
    """Give a row for every class, and of how many classes each attribute is.

    Parameters
    ----------
    answers
        To the unseen images.
    table
        Shape (classes, attributes). r_jc.
    names
        Of the classes.
    threshold
        1 / tau.

    """
    gaps, used, served = exclusivity(table, threshold)
    rows = []
    for number, name in enumerate(names):
        mine = answers.f == number
        rows.append(
            ClassFigures(
                name=name,
                images=int(mine.sum()),
                fidelity=share((answers.g == answers.f)[mine]),
                gap=float(gaps[number]),
                used=int(used[number]),
            )
        )
    return tuple(rows), tuple(served.tolist())


def input_figures(subject: AttributeSubject, decoder: nn.Module | None) -> InputFigures:
    """Compare the unseen images with what the decoder rebuilds, and with one mean image."""
    rebuilt, mean, count = 0.0, 0.0, len(subject.pixels)
    average = torch.from_numpy(np.array(subject.mean_image))
    for start in range(0, count, BATCH):
        part = torch.from_numpy(np.array(subject.pixels[start : start + BATCH]))
        images = subject.scale.to_pixels(part)
        mean += float((images - average).square().mean(dim=(1, 2, 3)).sum())
        if decoder is not None:
            found = decoded(decoder, subject.answers.phi[start : start + BATCH])
            rebuilt += float((torch.from_numpy(found) - images).square().mean(dim=(1, 2, 3)).sum())
    return InputFigures(
        rebuilt=None if decoder is None else rebuilt / count, mean_image=mean / count
    )


def decoded(decoder: nn.Module, phi: FloatArray) -> FloatArray:
    """Rebuild images, shape (images, channels, rows, columns), from their attributes."""
    with torch.no_grad():
        found: FloatArray = decoder(torch.from_numpy(np.array(phi))).numpy()
    return found
