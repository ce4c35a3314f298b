"""What a rule set must answer, once more: in float64, facet by facet, image by image."""

import dataclasses
from typing import Any, final

import numpy as np

from explainers.arrays import AnyArray, DoubleArray
from explainers.representative.served import Representative


@final
@dataclasses.dataclass(frozen=True)
class Expected:
    """The answer for a point that lies in a polytope or more."""

    told: int
    inside: list[int]
    strength: float
    margins: list[float]
    closest: dict[str, Any]
    similar: list[tuple[str, float]]


def depths(stored: Representative, point: AnyArray) -> list[float]:
    return [
        min(_distance(stored, facet, point) for facet in _facets(stored, polytope))
        for polytope in range(len(stored.starts) - 1)
    ]


def expected(stored: Representative, point: AnyArray) -> Expected | None:
    deep = depths(stored, point)
    inside = [place for place, depth in enumerate(deep) if depth > stored.least_depth]
    if not inside:
        return None
    told = max(inside, key=lambda place: deep[place])
    facets = _facets(stored, told)
    return Expected(
        told=told,
        inside=sorted(inside, key=lambda place: -deep[place]),
        strength=deep[told] / (deep[told] + stored.scale),
        margins=[_distance(stored, f, point) * float(stored.norms[f]) for f in facets],
        closest=_closest(stored, min(facets, key=lambda f: _distance(stored, f, point)), point),
        similar=_similar(stored, told, point),
    )


def _facets(stored: Representative, polytope: int) -> list[int]:
    return list(range(int(stored.starts[polytope]), int(stored.starts[polytope + 1])))


def _distance(stored: Representative, facet: int, point: AnyArray) -> float:
    normal: DoubleArray = stored.normals[facet].astype(np.float64)
    return float(normal @ point.astype(np.float64) + float(stored.offsets[facet]))


def _closest(stored: Representative, facet: int, point: AnyArray) -> dict[str, Any]:
    away, nearest = np.inf, None
    for example, place in enumerate(stored.example_points):
        of_class = stored.example_predicted[example] == stored.guarded[facet]
        if of_class and _distance(stored, facet, place) < 0:
            distance = float(np.linalg.norm(place.astype(float) - point.astype(float)))
            if distance < away:
                away, nearest = distance, stored.example_ids[example]
    distance = _distance(stored, facet, point)
    return {
        "index": int(stored.guarded[facet]),
        "margin": distance * float(stored.norms[facet]),
        "distance": distance,
        "relative": None if nearest is None else distance / away,
        "example": nearest,
    }


def _similar(stored: Representative, told: int, point: AnyArray) -> list[tuple[str, float]]:
    """Dist(x, x') = sum over facets of |<W, u(x)> - <W, u(x')>|, W the raw normals."""
    found = []
    for example in stored.similar[told].tolist():
        if example >= 0:
            apart = 0.0
            for facet in _facets(stored, told):
                raw = stored.normals[facet].astype(float) * float(stored.norms[facet])
                apart += abs(raw @ point.astype(float) - raw @ stored.example_points[example])
            found.append((stored.example_ids[example], float(apart)))
    return sorted(found, key=lambda one: one[1])[:4]
