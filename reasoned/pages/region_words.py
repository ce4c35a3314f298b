"""A polytope in words, for somebody who has never heard of one."""

import dataclasses
from typing import final

from reasoned.reply.bodies import ClassName, ClosestFacet, RegionBody
from reasoned.reply.schema import RegionEvidence

MOST_SIDES = 12
_MOST_NAMED = 3


@final
@dataclasses.dataclass(frozen=True)
class Sides:
    """The sides of a polytope beyond which one class lies.

    Attributes
    ----------
    label
        That class.
    margin
        The smallest margin of these sides.
    count
        How many there are.
    closest
        Whether the closest side of the polytope is one of them.

    """

    label: str
    margin: float
    count: int
    closest: bool


def parting_words(subject: str, named: ClassName | None, label: str) -> str:
    """Say that evidence and network name different classes, if they do."""
    if named is None or named.label == label:
        return ""
    return f"{subject} {named.label}; the network says {label}. The two disagree."


def where_words(evidence: RegionEvidence) -> str:
    """Say which stored polytopes hold the image, or that none does."""
    inside, facets = evidence.body.inside, evidence.body.facets
    if not inside:
        searched = "; the one shown here was searched for it alone" if facets else ""
        return f"The image lies outside every stored polytope{searched}."
    told, others = inside[0], inside[1:]
    named = ", ".join(others[:_MOST_NAMED]) + (", ..." if len(others) > _MOST_NAMED else "")
    also = f" (and inside {len(others)} more: {named})" if others else ""
    return (
        f"The image lies inside {told}{also}: a region with {_flat_sides(len(facets))}, beyond "
        "which the network may name another class."
    )


def _flat_sides(count: int) -> str:
    return "one flat side" if count == 1 else f"{count} flat sides"


def held_words(evidence: RegionEvidence) -> str:
    """Say how many training images the polytope holds, and how many the network calls else."""
    of, others = evidence.body.references, evidence.body.others
    if of is None:
        return ""
    images = "Training images" if evidence.body.inside else "Stored training images"
    if not of:
        return f"{images} inside: none."
    label = "the same" if evidence.names is None else evidence.names.label
    if not others:
        return f"{images} inside: {of:,}; the network calls every one of them {label}."
    return f"{images} inside: {of:,}; the network calls {others:,} of them not {label}."


def closest_words(closest: ClosestFacet | None) -> str:
    """Say which side of the polytope the image is nearest to, and how near."""
    if closest is None:
        return ""
    label = closest.against.label
    far = f"{closest.distance:.3g} away in the explained layer"
    if closest.relative is None:
        beyond = f", and no stored example of {label} lies beyond it"
    else:
        beyond = (
            f", {_share(closest.relative)} of the way to {closest.example}, the nearest stored "
            f"example of {label} beyond it"
        )
    return f"Its closest side is the one towards {label}: {far}{beyond}."


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.01 else "less than 1 %"


def nearest_sides(body: RegionBody) -> tuple[list[Sides], int]:
    """Group the sides by class, the least margin first, and say how many classes are left out."""
    margins = dict[tuple[int, str], list[float]]()
    for facet in body.facets:
        margins.setdefault((facet.against.index, facet.against.label), []).append(facet.margin)
    closest = None if body.closest is None else body.closest.against.index
    groups = [
        Sides(label, min(found), len(found), index == closest)
        for (index, label), found in margins.items()
    ]
    groups.sort(key=lambda group: group.margin)
    return groups[:MOST_SIDES], max(0, len(groups) - MOST_SIDES)


def counted_words(count: int) -> str:
    """Say how many sides one bar stands for."""
    return "1 side" if count == 1 else f"{count} sides"
