"""What an explanation shows, as numbers that can be compared with those of another."""

import dataclasses
from typing import Any, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import DoubleArray, make_read_only
from explainers.contract import Explainer
from explainers.evidence import Evidence


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Trace:
    """One method's explanation of one image, as a reply gives it with ``explain=full``.

    Attributes
    ----------
    names
        The class that it names, or None.
    region
        The region, or None.
    steps
        Of a path: its tests, as (feature, test, threshold).
    places
        What `numbers` stand for, where that differs from image to image.
    numbers
        Shape (places), or (pixels) of a map. Margins along a path, the heat map of a region,
        contributions of a sum or a regression. What a reply leaves out counts as 0.

    """

    names: int | None
    region: str | None
    steps: frozenset[tuple[str, str, float]]
    places: tuple[str, ...]
    numbers: DoubleArray

    def __post_init__(self) -> None:
        make_read_only(self)


def trace_of(method: Explainer, activations: Activations) -> Trace:
    """Explain one image and read the explanation's numbers.

    Outside all regions of a method that has some nothing is searched for the image alone: that
    would be another explanation, made for the network's class.
    """
    found = method.explain(activations)
    if found.region is not None or not method.regions():
        found = method.explain_in_full(activations, _never)
    return read_trace(found)


def read_trace(evidence: Evidence) -> Trace:
    """Read the numbers of one evidence by its form."""
    body: dict[str, Any] = orjson.loads(evidence.body)
    steps: frozenset[tuple[str, str, float]] = frozenset()
    if evidence.form == "path":
        named = {step["feature"]: step["value"] for step in body["steps"]}
        steps = frozenset((s["feature"], s["test"], s["threshold"]) for s in body["steps"])
    elif evidence.form == "region":
        named = body["heat_map"] or {}
    elif evidence.form == "regression" and body["maps"] is not None:
        named = body["maps"]["contributions"]
    else:
        named = {part["name"]: part["contribution"] for part in body["parts"]}
    labelled = isinstance(named, dict)
    return Trace(
        names=evidence.names,
        region=evidence.region,
        steps=steps,
        places=tuple(named) if labelled else (),
        numbers=np.array([*named.values()] if labelled else named, np.float64).ravel(),
    )


def change(one: Trace, other: Trace) -> float:
    """Give the Euclidean change of an explanation as a share of the larger one's size.

    0 where both show the same, 1 where one of them shows nothing, up to 2 where they are
    opposite; NaN where neither shows any numbers.
    """
    if not one.numbers.size and not other.numbers.size:
        return np.nan
    first, second = aligned(one, other)
    largest = max(np.linalg.norm(first), np.linalg.norm(second))
    return float(np.linalg.norm(first - second) / largest) if largest else 0.0


def aligned(one: Trace, other: Trace) -> tuple[DoubleArray, DoubleArray]:
    """Put the numbers of two traces of one method beside each other, 0 where there are none."""
    if not one.places and not other.places:
        size = max(one.numbers.size, other.numbers.size)
        return _padded(one.numbers, size), _padded(other.numbers, size)
    places = list(dict.fromkeys((*one.places, *other.places)))
    first, second = (
        dict(zip(trace.places, trace.numbers.tolist(), strict=True)) for trace in (one, other)
    )
    return (
        np.array([first.get(place, 0.0) for place in places]),
        np.array([second.get(place, 0.0) for place in places]),
    )


def shared(one: frozenset[Any], other: frozenset[Any]) -> float:
    """Give the Jaccard index of two sets: 1 where they are the same, 0 where they share none."""
    either = one | other
    return len(one & other) / len(either) if either else 1.0


def _padded(numbers: DoubleArray, size: int) -> DoubleArray:
    # A region without a map beside one with a map.
    return numbers if numbers.size == size else np.zeros(size)


def _never() -> bool:
    return False
