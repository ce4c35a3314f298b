"""Insights pasted where they mean nothing: how often the network answers the class."""

import dataclasses
from collections.abc import Iterator
from typing import Final, final

import numpy as np
from scipy import stats

from explainers.arrays import BoolArray, FloatArray, IntArray
from reasoned.evaluation.mixture_explanations import cells_of_values
from reasoned.evaluation.mixture_figures import (
    Background,
    Pattern,
    Share,
    VulnerabilityFigures,
)
from reasoned.evaluation.mixture_protocols import Logits, dark_noise, uniform_noise
from reasoned.evaluation.mixture_rankings import ranked
from reasoned.evaluation.mixture_subject import MixtureSubject

FEATURES: Final = 150  # as in the paper's figure
TRIALS: Final = 100
LEAST: Final = 0.5
_CONFIDENCE: Final = 0.95


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Insight:
    """What is pasted.

    Attributes
    ----------
    pattern
        Which of the two kinds.
    source
        Shape (values). Where pasted values are taken from.
    control
        Shape (trials, values). Where those of the control are.
    own
        Shape (values). Which are pasted.
    random
        Shape (trials, values). Which are in the control.

    """

    pattern: Pattern
    source: FloatArray
    control: FloatArray
    own: BoolArray
    random: BoolArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Tried:
    """One insight on one background, and a picture of it.

    Attributes
    ----------
    figures
        What was counted.
    picture
        Shape (values). One that the network gives the class, where there is any; else the
        first.

    """

    figures: VulnerabilityFigures
    picture: FloatArray


def share(count: int, of: int) -> Share:
    """Give k of n with its 95 % Clopper-Pearson interval."""
    bounds = stats.binomtest(count, of).proportion_ci(_CONFIDENCE, method="exact")
    return Share(count=count, of=of, low=float(bounds.low), high=float(bounds.high))


def insights(
    subject: MixtureSubject, component: int, rng: np.random.Generator, trials: int = TRIALS
) -> Iterator[Insight]:
    """Give what a component's coefficients single out: as in an image, and by their signs.

    Parameters
    ----------
    subject
        What is evaluated.
    component
        Among all that are stored.
    rng
        Draws the control's features.
    trials
        How many pictures there will be.

    """
    stored, cells = subject.stored, cells_of_values(subject.stored)
    b, read = stored.weights[component], stored.selected[stored.owner[component]]
    size = min(FEATURES, int(read.sum()) // 2)
    first = ranked(np.abs(b)[None], read)[0, :size]
    others = rng.permuted(np.tile(np.arange(len(b)), (trials, 1)), axis=1)[:, :size]
    own, random = _marked(first[None], cells)[0], _marked(others, cells)
    shown = int(stored.members[component, 0])
    if shown >= 0:
        source = subject.examples[shown]
        yield Insight("image", source, np.tile(source, (trials, 1)), own, random)
    signs = np.zeros(len(b), np.float32)
    signs[first] = b[first] > 0
    mixed = np.zeros((trials, len(b)), np.float32)
    np.put_along_axis(mixed, others, np.tile(signs[first], (trials, 1)), axis=1)
    yield Insight("signs", signs[cells], mixed[:, cells], own, random)


def _marked(features: IntArray, cells: IntArray) -> BoolArray:
    """Mark the values of features, shape (trials, features)."""
    marked = np.zeros((len(features), int(cells.max()) + 1), np.bool_)
    np.put_along_axis(marked, features, values=True, axis=1)
    return marked[:, cells]


def backgrounds(
    subject: MixtureSubject, explained: int, rng: np.random.Generator, trials: int = TRIALS
) -> dict[Background, FloatArray]:
    """Give what insights are pasted onto: noise, dark noise, and images given other classes."""
    shape = (trials, int(np.prod(subject.stored.shape)))
    found: dict[Background, FloatArray] = {
        "uniform noise": uniform_noise(shape, rng),
        "dark noise": dark_noise(shape, rng),
    }
    others = np.flatnonzero(subject.test.predicted != explained)
    if len(others):
        drawn = rng.choice(others, trials, replace=len(others) < trials)
        found["other classes"] = subject.values(subject.test, drawn)
    return found


def try_class(subject: MixtureSubject, explained: int, rng: np.random.Generator) -> list[Tried]:
    """Paste every insight of a class onto every background, and ask the network."""
    stored, found = subject.stored, []
    name, under = stored.class_names[explained], backgrounds(subject, explained, rng)
    components = np.flatnonzero(stored.owner == explained)
    logits_of = subject.pixels.logits
    bare = {kind: _given(logits_of, pictures, explained) for kind, pictures in under.items()}
    for number, component in enumerate(components.tolist(), start=1):
        for insight in insights(subject, component, rng):
            for kind, pictures in under.items():
                pasted = np.where(insight.own, insight.source, pictures)
                control = np.where(insight.random, insight.control, pictures)
                hits = _given(logits_of, pasted, explained)
                figures = vulnerability(
                    (name, number, insight.pattern, kind),
                    _features(insight, stored.cells),
                    (hits, _given(logits_of, control, explained), bare[kind]),
                )
                found.append(Tried(figures, pasted[int(hits.argmax())]))
    return found


def vulnerability(
    which: tuple[str, int, Pattern, Background],
    features: int,
    hits: tuple[BoolArray, BoolArray, BoolArray],
) -> VulnerabilityFigures:
    """Count, and say whether it is one.

    Parameters
    ----------
    which
        The class, the component within it, pattern and background.
    features
        How many were pasted.
    hits
        Shape (trials) each. Whether the network gives the class: pasted, control, bare.

    """
    name, component, pattern, background = which
    pasted, control, bare = (share(int(given.sum()), len(given)) for given in hits)
    return VulnerabilityFigures(
        name=name,
        component=component,
        pattern=pattern,
        background=background,
        features=features,
        pasted=pasted,
        control=control,
        bare=bare,
        found=pasted.low >= LEAST and pasted.low > max(control.high, bare.high),
    )


def _given(logits_of: Logits, pictures: FloatArray, explained: int) -> BoolArray:
    found: BoolArray = logits_of(pictures).argmax(axis=1) == explained
    return found


def _features(insight: Insight, cells: IntArray) -> int:
    return len(np.unique(cells[insight.own])) if len(cells) else int(insight.own.sum())
