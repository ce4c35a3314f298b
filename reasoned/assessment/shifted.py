"""What happens to replies when images change."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from explainers.arrays import ByteArray, IntArray
from reasoned.answers import Answers, answer_images
from reasoned.assessment.figures import ShiftFigures
from reasoned.assessment.shares import by_status, mean
from reasoned.assessment.shifts import SEVERITIES, SHIFTS, Shift
from reasoned.explaining import Parts

LEAST_SUPPORTED_FIDELITY: Final = 0.97
_CERTAIN: Final = 2.0
_DRAWS: Final = 11
Progress = Callable[..., Iterable[int]]


def shift_figures(
    parts: Parts, images: Sequence[ByteArray], labels: IntArray, seed: int, progress: Progress
) -> tuple[ShiftFigures, ...]:
    """Answer images as they are and under every shift at every severity.

    Parameters
    ----------
    parts
        Of the model.
    images
        Each of shape (rows, columns, channels).
    labels
        Shape (images). The true classes.
    seed
        An image's noise, side or place is drawn from it, the same at every severity.
    progress
        Shows the images.

    Returns
    -------
    tuple of ShiftFigures
        Kind by kind, from severity 0 to 5; severity 0 is the same for all.

    """
    plain = answer_images(parts, images, labels, progress, "as they are")
    found = []
    for shift in SHIFTS:
        found.append(_figures(shift, 0, plain))
        for severity in SEVERITIES:
            changed = [*shifted(shift, severity, images, seed)]
            what = f"{shift.name} {severity}"
            answers = answer_images(parts, changed, labels, progress, what)
            found.append(_figures(shift, severity, answers))
    return tuple(found)


def shifted(
    shift: Shift, severity: int, images: Sequence[ByteArray], seed: int
) -> Iterator[ByteArray]:
    """Change images, each by draws of its own."""
    kind = SHIFTS.index(shift)
    for position, image in enumerate(images):
        yield shift.apply(image, severity, np.random.default_rng([seed, _DRAWS, kind, position]))


def rises(shift: Sequence[ShiftFigures]) -> bool:
    """Tell whether the share that is not `supported` rises with the severity of one kind.

    At the strongest severity it must be above that of the images as they are. From each
    severity to the next it may stay where it is, or fall by less than two standard errors,
    which is within chance.
    """
    ordered = sorted(shift, key=lambda one: one.severity)
    steady = all(not _falls(before, after) for before, after in pairwise(ordered))
    return steady and ordered[-1].supported < ordered[0].supported


def unfaithful(shifts: Sequence[ShiftFigures]) -> tuple[ShiftFigures, ...]:
    """Give those whose fidelity among the `supported` falls under 0.97."""
    return tuple(
        one
        for one in shifts
        if one.supported_fidelity is not None and one.supported_fidelity < LEAST_SUPPORTED_FIDELITY
    )


def _falls(before: ShiftFigures, after: ShiftFigures) -> bool:
    errors = (one.supported * (1 - one.supported) / one.images for one in (before, after))
    return after.supported - before.supported > _CERTAIN * math.sqrt(sum(errors))


def _figures(shift: Shift, severity: int, answers: Answers) -> ShiftFigures:
    supported, weak, outside = by_status(answers)
    known = answers.labels >= 0
    return ShiftFigures(
        kind=shift.name,
        severity=severity,
        what=shift.what(severity),
        images=len(answers),
        supported=supported.share,
        weak=weak.share,
        out_of_support=outside.share,
        accuracy=mean(answers.right[known]),
        fidelity=float(answers.faithful.mean()),
        supported_fidelity=supported.fidelity,
    )
