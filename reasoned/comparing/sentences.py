"""What a comparison says, in sentences."""

from collections.abc import Iterator, Sequence

from reasoned.comparing.figures import ComparisonFigures, DifferenceFigures, RegionFigures
from reasoned.comparing.gate import CLUSTERS
from reasoned.comparing.words import (
    accepted,
    check_words,
    found,
    measure_words,
    percent,
    points,
    reach,
)


def sentences(figures: ComparisonFigures) -> tuple[str, ...]:
    """Say whether the gate is passed, what was crossed, what moved, and what could not be told."""
    return (
        _gate(figures),
        *_crossed(figures),
        *_chance(figures),
        _accuracy(figures.differences),
        _networks(figures),
        _moved(figures.differences),
        *(_regions(one) for one in figures.regions),
        *_methods(figures),
        *figures.notes,
    )


def _gate(figures: ComparisonFigures) -> str:
    over = sum(check.outcome == "over" for check in figures.checks)
    checks = len(figures.checks)
    if over:
        crossed = "is" if over == 1 else "are"
        return f"The gate is not passed: {over} of {checks} thresholds {crossed} crossed."
    return f"The gate is passed: none of {checks} thresholds is crossed."


def _crossed(figures: ComparisonFigures) -> Iterator[str]:
    for check in figures.checks:
        if check.outcome == "over":
            yield (
                f"Crossed, {check.option}: {check_words(check)}: {found(check)}, where "
                f"{accepted(check)} is accepted."
            )


def _chance(figures: ComparisonFigures) -> Iterator[str]:
    names = [
        f"{check.option} ({check.of})" if check.of else check.option
        for check in figures.checks
        if check.outcome == "noise"
    ]
    if names:
        yield (
            f"Beyond the threshold, but not told apart from chance on {figures.images:,} images: "
            f"{', '.join(names)}. More images would tell."
        )


def _accuracy(differences: Sequence[DifferenceFigures]) -> str:
    one = next(each for each in differences if each.measure == "accuracy")
    told = "moved" if _certain(one) else "did not move beyond chance"
    return (
        f"Accuracy {told}: {percent(one.before)} in A and {percent(one.after)} in B, a difference "
        f"of {points(one.difference)} points ({reach(one.low, one.high)}) on {one.images:,} images."
    )


def _networks(figures: ComparisonFigures) -> str:
    other = next(one for one in figures.changes if one.measure == "class")
    if not other.share:
        return "The networks give the same class to every image."
    return f"The networks give different classes to {percent(other.share)} of the images."


def _moved(differences: Sequence[DifferenceFigures]) -> str:
    said = [
        f"{', '.join(measure_words(one))}: {points(one.difference)}"
        for one in differences
        if one.measure != "accuracy" and _certain(one)
    ]
    if not said:
        return "No other figure of the whole moved beyond chance."
    return f"Other figures that moved beyond chance, in points: {'; '.join(said)}."


def _certain(one: DifferenceFigures) -> bool:
    return one.low > 0 or one.high < 0


def _regions(one: RegionFigures) -> str:
    of = "Clusters of the nearest examples" if one.of == CLUSTERS else f"Regions of {one.of}"
    counts = {kind: one.count(kind) for kind in ("kept", "moved", "vanished", "appeared")}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{of}: {told}; {percent(one.staying)} of the images stay in theirs."


def _methods(figures: ComparisonFigures) -> Iterator[str]:
    if figures.lost:
        yield f"B lacks {', '.join(figures.lost)}, which A has; nothing of it is compared."
    if figures.gained:
        yield f"B brings {', '.join(figures.gained)}, which A lacks; nothing of it is compared."
    compared = {one.of for one in figures.regions}
    shared = [name for name in figures.before.methods if name in figures.after.methods]
    if others := [name for name in shared if name not in compared]:
        yield f"Methods without regions are not compared: {', '.join(others)}."
