"""For how many images something is not what it was."""

from typing import Literal

import numpy as np

from explainers.arrays import BoolArray
from reasoned.comparing.figures import ChangeFigures, ClassFigures, NamedFigures
from reasoned.comparing.intervals import share_interval
from reasoned.comparing.sides import Side, agreed

Measure = Literal["class", "evidence", "status", "carrier"]


def changed(before: Side, after: Side) -> dict[Measure, BoolArray]:
    """Tell per measure for which images it changed; shapes (images)."""
    one, other = before.answers, after.answers
    return {
        "class": ~agreed(before, after),
        "evidence": one.first_names != other.first_names,
        "status": one.status != other.status,
        "carrier": before.carriers != after.carriers,
    }


def changes(before: Side, after: Side) -> tuple[ChangeFigures, ...]:
    """Count the changes: of classes over all images, of explanations where classes agree."""
    same, found = agreed(before, after), list[ChangeFigures]()
    for measure, flags in changed(before, after).items():
        counted = flags if measure == "class" else flags[same]
        if not len(counted):
            continue
        share = share_interval(counted)
        found.append(
            ChangeFigures(
                measure=measure,
                images=len(counted),
                share=share.value,
                low=share.low,
                high=share.high,
            )
        )
    return tuple(found)


def changes_by_class(
    before: Side, after: Side, classes: tuple[str, ...]
) -> tuple[ClassFigures, ...]:
    """Count the changes among the images to which both networks give one class, by class."""
    same, flags = agreed(before, after), changed(before, after)
    found = []
    for index, name in enumerate(classes):
        chosen = same & (before.answers.predicted == index)
        if chosen.any():
            found.append(
                ClassFigures(
                    name=name,
                    images=int(chosen.sum()),
                    evidence=float(flags["evidence"][chosen].mean()),
                    status=float(flags["status"][chosen].mean()),
                    carrier=float(flags["carrier"][chosen].mean()),
                )
            )
    return tuple(found)


def named_classes(before: Side, after: Side, classes: tuple[str, ...]) -> tuple[NamedFigures, ...]:
    """Count which class explanations named before, and which they name now; most first.

    Only images to which both networks give one class, and whose explanation changed.
    """
    moved = agreed(before, after) & changed(before, after)["evidence"]
    names = np.stack([before.answers.first_names, after.answers.first_names], 1)[moved]
    pairs, counts = np.unique(names, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable").tolist()
    return tuple(
        NamedFigures(
            before=name_of(int(pairs[i, 0]), classes),
            after=name_of(int(pairs[i, 1]), classes),
            images=int(counts[i]),
        )
        for i in order
    )


def name_of(index: int, classes: tuple[str, ...]) -> str | None:
    """Give the name of a class, None for -1."""
    return classes[index] if index >= 0 else None
