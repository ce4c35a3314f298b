"""What can be written about a polytope before any image has come."""

import dataclasses
from collections.abc import Iterable
from typing import final

import numpy as np
import orjson

from explainers.arrays import FloatArray

SIMILAR = 4  # images that are told


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PolytopeTemplate:
    """One polytope, ready to be told.

    Attributes
    ----------
    region, label
        Its name, and the class of the images inside.
    sentence
        What lies inside, in words.
    normals, offsets, norms
        Its facets: shape (facets, units), (facets), (facets); see `Representative`.
    guarded
        Per facet the class on the other side.
    facets, counts
        JSON text, with ``%.4f`` where each facet's margin goes.
    projected
        Shape (images, facets). The margins of its examples.
    ids
        Of these examples, encoded as JSON.

    """

    region: str
    label: int
    sentence: str
    normals: FloatArray
    offsets: FloatArray
    norms: FloatArray
    guarded: tuple[int, ...]
    facets: str
    counts: str
    projected: FloatArray
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("normals", "offsets", "norms", "projected"):
            # One polytope is read at a time: its numbers lie together.
            held = np.ascontiguousarray(getattr(self, name))
            held.flags.writeable = False
            object.__setattr__(self, name, held)

    def deeper(self, point: FloatArray, least: float) -> bool:
        """Say in float64 whether a point lies deeper than `least`."""
        distances = self.normals.astype(np.float64) @ point + self.offsets
        return bool(distances.min() > least)


def facets_template(against: list[str]) -> str:
    """Write a polytope's facets as a template; `against` are the guarded classes, encoded."""
    doubled = (name.replace("%", "%%") for name in against)
    said = ",".join(f'{{"against":{name},"margin":%.4f}}' for name in doubled)
    return f'"facets":[{said}]'


def closest_text(
    against: str, margin: float, distance: float, relative: float | None, example: str
) -> str:
    """Write the facet nearest to being crossed; class and example are encoded."""
    share = "null" if relative is None else f"{relative:.6f}"
    return (
        f'"closest":{{"against":{against},"margin":{margin:.4f},"distance":{distance:.4f},'
        f'"relative":{share},"example":{example}}}'
    )


def share_of_way(distance: float, away: float) -> float:
    """Give the distance to a facet as a share of that to an example beyond it.

    Beyond the facet means farther than the facet, but for rounding.
    """
    return min(distance / away, 1.0) if away > 0.0 else 0.0


def similar_text(ranked: Iterable[tuple[str, float]]) -> str:
    """Write similar images, each an encoded id and a semantic distance."""
    return ",".join([f'{{"id":{example},"distance":{away:.4f}}}' for example, away in ranked])


def counts_text(references: int, others: int) -> str:
    """Write a polytope's counts."""
    return f'"references":{references},"others":{others}'


def encoded_classes(class_names: tuple[str, ...]) -> tuple[str, ...]:
    """Give each class as JSON text."""
    return tuple(
        orjson.dumps({"label": label, "index": index}).decode()
        for index, label in enumerate(class_names)
    )
