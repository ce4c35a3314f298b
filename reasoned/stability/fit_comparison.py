"""Several fits of one method, compared on the same images in all pairs."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from explainers.activations import ActivationTable
from reasoned.stability.agreement import (
    correlation,
    matched_correlation,
    mean_best_overlap,
    rand_index,
)
from reasoned.stability.figures import MethodSeeds, Range
from reasoned.stability.fit_answers import FitAnswers
from reasoned.stability.refitting import Refit
from reasoned.stability.traces import shared

Progress = Callable[..., Iterable[int]]
Measure = Callable[[FitAnswers, FitAnswers], float]


def compare_fits(
    name: str, fits: Sequence[Refit], test: ActivationTable, progress: Progress
) -> MethodSeeds:
    """Compare two or more fits of a method by what they say of the same images."""
    said = [
        FitAnswers.of(one.method, test, progress, f"{name}, fit {i + 1} of {len(fits)}")
        for i, one in enumerate(fits)
    ]
    pairs = list(itertools.combinations(said, 2))
    return MethodSeeds(
        method=name,
        seconds=spread([one.seconds for one in fits]),
        fidelity=spread([one.fidelity(test.predicted) for one in said]),
        coverage=spread([one.coverage for one in said]),
        regions=spread([float(one.count) for one in said]),
        rand_index=spread([rand_index(a.regions, b.regions) for a, b in pairs]),
        jaccard=spread([mean_best_overlap(a.regions, b.regions) for a, b in pairs]),
        **{
            key: _spread_of_those([measure(one, other) for one, other in pairs])
            for key, measure in MEASURES.items()
        },
    )


def spread(values: Sequence[float]) -> Range:
    """Give the mean, the least and the most."""
    return Range(mean=float(np.mean(values)), least=float(min(values)), most=float(max(values)))


def same_class(one: FitAnswers, other: FitAnswers) -> float:
    """Give how often both name the same class, where both name one."""
    both = (one.names >= 0) & (other.names >= 0)
    return float((one.names == other.names)[both].mean()) if both.any() else np.nan


def shared_steps(one: FitAnswers, other: FitAnswers) -> float:
    """Give the mean overlap of the margins that two paths test; NaN where there are none."""
    found = [
        shared(frozenset(s[0] for s in a.steps), frozenset(s[0] for s in b.steps))
        for a, b in zip(one.traces, other.traces, strict=True)
        if a.steps or b.steps
    ]
    return float(np.mean(found)) if found else np.nan


def picture_correlation(one: FitAnswers, other: FitAnswers) -> float:
    """Give the mean correlation of the maps of both, where both name the same class."""
    found = [
        correlation(a.numbers, b.numbers)
        for a, b in zip(one.traces, other.traces, strict=True)
        # Numbers with names are no map.
        if a.names == b.names and not a.places and not b.places and a.numbers.size
        if a.numbers.shape == b.numbers.shape
    ]
    told = [value for value in found if not np.isnan(value)]
    return float(np.mean(told)) if told else np.nan


def clusters_rand_index(one: FitAnswers, other: FitAnswers) -> float:
    """Give the adjusted Rand index of the images' nearest clusters; NaN without clusters."""
    if one.clusters is None or other.clusters is None:
        return np.nan
    return rand_index(one.clusters, other.clusters)


def clusters_jaccard(one: FitAnswers, other: FitAnswers) -> float:
    """Give the mean best overlap of clusters; NaN without clusters."""
    if one.clusters is None or other.clusters is None:
        return np.nan
    return mean_best_overlap(one.clusters, other.clusters)


def attribute_correlation(one: FitAnswers, other: FitAnswers) -> float:
    """Give the mean correlation of attributes that were matched; NaN without attributes."""
    if one.attributes is None or other.attributes is None:
        return np.nan
    return matched_correlation(one.attributes, other.attributes)


MEASURES: Final[dict[str, Measure]] = {
    "same_class": same_class,
    "shared_steps": shared_steps,
    "picture_correlation": picture_correlation,
    "clusters_rand_index": clusters_rand_index,
    "clusters_jaccard": clusters_jaccard,
    "attribute_correlation": attribute_correlation,
}


def _spread_of_those(values: Sequence[float]) -> Range | None:
    told = [value for value in values if not np.isnan(value)]
    return spread(told) if told else None
