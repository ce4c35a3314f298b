"""Single images explained as in the paper's figure: bars, and what would activate them more."""

import dataclasses
from typing import Final, final

import numpy as np
import torch

from explainers.arrays import ByteArray, DoubleArray, IntArray
from explainers.attributes.fitting.activation_maximisation import Maximised, Maximiser
from explainers.attributes.fitting.maximisation_settings import settings_for
from explainers.attributes.fitting.picture_bytes import as_bytes
from explainers.attributes.fitting.pictures import attributes_of
from reasoned.evaluation.attribute_figures import MaximisationFigures
from reasoned.evaluation.attribute_measures import dead_attributes
from reasoned.evaluation.attribute_network import rebuilt_psi
from reasoned.evaluation.attribute_subject import AttributeSubject, Progress

SHOWN: Final = 3
LEAST: Final = 0.02  # a relevance below it would be a bar without height
APART: Final = 0.25  # of the examples, where there are as many: f and g name two classes


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ShownAttribute:
    """One of the attributes that lead.

    Attributes
    ----------
    attribute
        Its number.
    relevance
        r_jx.
    picture
        Shape (rows, columns, channels), or None. The image after activation maximisation.

    """

    attribute: int
    relevance: float
    picture: ByteArray | None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Example:
    """One explained image.

    Attributes
    ----------
    image
        Shape (rows, columns, channels).
    f, g, label
        Classes: the network's, the interpreter's, the true one.
    attributes
        Those of the largest relevance, the first the largest: three at most, none that is
        dead or has a relevance below 0.02.
    above
        How many attributes have a relevance above 1 / tau.

    """

    image: ByteArray
    f: int
    g: int
    label: int
    attributes: tuple[ShownAttribute, ...]
    above: int


def choose_examples(subject: AttributeSubject, count: int, rng: np.random.Generator) -> IntArray:
    """Draw images at random; a quarter are those on which f and g disagree, if there are."""
    apart = np.flatnonzero(subject.answers.f != subject.answers.g)
    same = np.flatnonzero(subject.answers.f == subject.answers.g)
    few = min(len(apart), max(round(APART * count), count - len(same)))
    chosen = [
        rng.choice(some, min(wanted, len(some)), replace=False)
        for some, wanted in ((same, count - few), (apart, few))
    ]
    return np.concatenate(chosen).astype(np.int64)


def explain_examples(
    subject: AttributeSubject,
    found: DoubleArray,
    chosen: IntArray,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[tuple[Example, ...], MaximisationFigures]:
    """Explain images by their three leading attributes, each maximised from that very image.

    Parameters
    ----------
    subject
        What is evaluated.
    found
        Shape (images, attributes). The relevances of all unseen images.
    chosen
        Shape (examples). Which are explained.
    rng
        Goes to the search.
    progress
        Shows its batches.

    """
    leading = np.argsort(-found[chosen], axis=1, kind="stable")[:, :SHOWN]
    # Only what speaks for the class is maximised.
    speaking = np.take_along_axis(found[chosen], leading, axis=1) > 0
    shown = subject.scale.to_pixels(torch.from_numpy(np.array(subject.pixels[chosen])))
    images = shown.clamp(0.0, 1.0).numpy()
    settings = settings_for(images.shape[1])
    phi_of = attributes_of(subject.lower, rebuilt_psi(subject.stored))
    pictures: dict[tuple[int, int], ByteArray] = {}
    figures = MaximisationFigures(
        tried=0, raised=0, above_original=0, steps=settings.steps, reason=str(phi_of)
    )
    if not isinstance(phi_of, str):
        places = np.argwhere(speaking)
        maximiser = Maximiser(phi_of, subject.scale, settings)
        made = maximiser.maximise(
            images[places[:, 0]], leading[speaking], rng, progress, "pictures"
        )
        made_bytes = as_bytes(made.pictures, settings.mode)
        pictures = {(int(i), int(k)): made_bytes[n] for n, (i, k) in enumerate(places)}
        figures = _counted(made, settings.steps)
    plain, above = as_bytes(images, "bounded"), found[chosen] > 1 / subject.stored.tau
    dead = dead_attributes(subject.answers.phi)
    examples = [
        Example(
            image=plain[i],
            f=int(subject.answers.f[position]),
            g=int(subject.answers.g[position]),
            label=int(subject.labels[position]),
            attributes=tuple(
                ShownAttribute(int(j), float(found[position, j]), pictures.get((i, k)))
                for k, j in enumerate(leading[i])
                if found[position, j] >= LEAST and j not in dead
            ),
            above=int(above[i].sum()),
        )
        for i, position in enumerate(chosen.tolist())
    ]
    return tuple(examples), figures


def _counted(made: Maximised, steps: int) -> MaximisationFigures:
    return MaximisationFigures(
        tried=len(made.pictures),
        raised=int(made.raised.sum()),
        above_original=int(made.above_original.sum()),
        steps=steps,
        reason="",
    )
