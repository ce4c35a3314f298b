"""Figures of both models on the same images, and how far they moved."""

from collections.abc import Iterator

import numpy as np

from explainers.arrays import BoolArray, IntArray
from reasoned.answers import EvidenceColumns
from reasoned.comparing.calibration_change import calibration_change
from reasoned.comparing.figures import DifferenceFigures
from reasoned.comparing.intervals import Interval, paired_difference
from reasoned.comparing.sides import Side, in_both


def differences(
    before: Side, after: Side, rng: np.random.Generator
) -> tuple[DifferenceFigures, ...]:
    """Compare accuracy, fidelity, coverage, statuses and calibration.

    Parameters
    ----------
    before, after
        What each model answers to the same images, at least one.
    rng
        Draws images for the interval of the calibration error.

    """
    one, other = before.answers, after.answers
    found = [
        _of_flags("accuracy", "", one.right, other.right),
        _of_flags("fidelity", "", one.faithful, other.faithful),
    ]
    for name in in_both(before, after):
        found += _of_method(
            name, (one.methods[name], other.methods[name]), (one.predicted, other.predicted)
        )
    statuses = dict.fromkeys(("supported", *sorted({*one.status, *other.status})))
    found += [
        _of_flags("status", status, one.status == status, other.status == status)
        for status in statuses
    ]
    return (*found, *_of_calibration(before, after, rng))


def _of_flags(measure: str, of: str, before: BoolArray, after: BoolArray) -> DifferenceFigures:
    return _difference(
        measure,
        of,
        len(before),
        (float(before.mean()), float(after.mean())),
        paired_difference(before, after),
    )


def _of_method(
    name: str,
    columns: tuple[EvidenceColumns, EvidenceColumns],
    predicted: tuple[IntArray, IntArray],
) -> Iterator[DifferenceFigures]:
    """Compare fidelity where both name a class, and how many images lie in a region."""
    one, other = columns
    named = (one.names >= 0) & (other.names >= 0)
    if named.any():
        faithful = [
            (each.names == network)[named] for each, network in zip(columns, predicted, strict=True)
        ]
        yield _of_flags("fidelity", name, faithful[0], faithful[1])
    yield _of_flags("coverage", name, one.regions != "", other.regions != "")


def _of_calibration(
    before: Side, after: Side, rng: np.random.Generator
) -> Iterator[DifferenceFigures]:
    """Compare calibration errors where both models state an estimate."""
    stated = np.isfinite(before.answers.estimate) & np.isfinite(after.answers.estimate)
    if not stated.any():
        return
    one, other = (
        (side.answers.estimate[stated], side.answers.faithful[stated]) for side in (before, after)
    )
    was, now, moved = calibration_change(one, other, rng)
    yield _difference("calibration_error", "", int(stated.sum()), (was, now), moved)


def _difference(
    measure: str, of: str, images: int, both: tuple[float, float], moved: Interval
) -> DifferenceFigures:
    return DifferenceFigures.model_validate(
        {
            "measure": measure,
            "of": of,
            "images": images,
            "before": both[0],
            "after": both[1],
            "difference": moved.value,
            "low": moved.low,
            "high": moved.high,
        }
    )
