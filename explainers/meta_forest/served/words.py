"""The words of a path: what each test says, and the sentence for a whole leaf."""

import dataclasses
import json
from typing import final

from explainers.meta_forest.served.tree import Condition

MOST_TOLD = 8


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """All tests of one path on one feature, merged: ``above < feature <= below``."""

    feature: int
    above: float | None
    below: float | None


def merge(path: tuple[Condition, ...]) -> tuple[Interval, ...]:
    """Merge a path's tests into one interval per feature, in order of first use."""
    found: dict[int, Interval] = {}
    for step in path:
        old = found.get(step.feature, Interval(step.feature, None, None))
        if step.below:
            tightest = step.threshold if old.below is None else min(old.below, step.threshold)
            found[step.feature] = dataclasses.replace(old, below=tightest)
        else:
            tightest = step.threshold if old.above is None else max(old.above, step.threshold)
            found[step.feature] = dataclasses.replace(old, above=tightest)
    return tuple(found.values())


def say(interval: Interval, first: str, second: str) -> str:
    """Say an interval of the margin ``distance to first - distance to second``."""
    low, high = interval.above, interval.below
    if high is not None and high <= 0:
        least = f"by at least {number(-high)}" if high < 0 else ""
        most = None if low is None else f"by less than {number(-low)}"
        return _closer(first, second, least, most)
    if low is not None and low >= 0:
        least = f"by more than {number(low)}" if low > 0 else ""
        most = None if high is None else f"by at most {number(high)}"
        return _closer(second, first, least, most)
    return _undecided(first, second, low, high)


def _closer(near: str, far: str, least: str, most: str | None) -> str:
    bounds = " and ".join(bound for bound in (least, most) if bound)
    return f"closer to {near} clusters than to {far} clusters {bounds}".rstrip()


def _undecided(first: str, second: str, low: float | None, high: float | None) -> str:
    if low is None and high is not None:
        return (
            f"not farther from {first} clusters than from {second} clusters by over {number(high)}"
        )
    if high is None and low is not None:
        return f"not closer to {first} clusters than to {second} clusters by {number(-low)} or more"
    return (
        f"about as close to {first} clusters as to {second} clusters (less than "
        f"{number(-(low or 0.0))} closer and at most {number(high or 0.0)} farther)"
    )


def number(value: float) -> str:
    """Write a stored threshold in full; it was rounded when the tree was fitted."""
    return f"{value:.15g}"


def join(parts: list[str]) -> str:
    """Join clauses into a list as in prose; tell at most eight and count the rest."""
    told = parts[:MOST_TOLD]
    rest = len(parts) - len(told)
    if rest:
        told.append(f"{rest} further test{'s' if rest > 1 else ''} that it passes")
    if len(told) == 1:
        return told[0]
    return "; ".join(told[:-1]) + "; and " + told[-1]


def quoted(text: str) -> str:
    """Give a JSON string literal that survives ``bytes %`` formatting."""
    return json.dumps(text, ensure_ascii=False).replace("%", "%%")
