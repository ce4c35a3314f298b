"""A polytope in words, for somebody who has never heard of one."""

from reasoned.reply.bodies import ClosestFacet, Facet
from reasoned.reply.schema import RegionEvidence

MOST_FACETS = 12
_MOST_NAMED = 3


def where_words(evidence: RegionEvidence) -> str:
    """Say which stored polytopes hold the image, or that none does."""
    inside, facets = evidence.body.inside, evidence.body.facets
    if not inside:
        searched = "; the one told of here was searched for it alone" if facets else ""
        return f"The image lies outside every stored polytope{searched}."
    told, others = inside[0], inside[1:]
    named = ", ".join(others[:_MOST_NAMED]) + (", ..." if len(others) > _MOST_NAMED else "")
    also = f" (and inside {len(others)} more: {named})" if others else ""
    return (
        f"The image lies inside {told}{also}: a region with {_sides(len(facets))}, beyond which "
        "the network may change its mind."
    )


def _sides(count: int) -> str:
    return "one flat side" if count == 1 else f"{count} flat sides"


def held_words(evidence: RegionEvidence) -> str:
    """Say how many training images the polytope holds, and how many the network calls else."""
    of, others = evidence.body.references, evidence.body.others
    if of is None:
        return ""
    label = "the same" if evidence.names is None else evidence.names.label
    if not others:
        return f"Training images inside: {of:,}; the network calls every one of them {label}."
    return f"Training images inside: {of:,}; the network calls {others:,} of them not {label}."


def closest_words(closest: ClosestFacet | None) -> str:
    """Say which side of the polytope the image is nearest to, and how near."""
    if closest is None:
        return ""
    label = closest.against.label
    if closest.relative is None or closest.example is None:
        far = f"{closest.distance:.3g} away, and no stored example of {label} lies beyond it"
    else:
        far = f"{_share(closest.relative)} of the way to {closest.example}, the nearest of {label}"
    return f"Its closest side is the one towards {label}: {far}."


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.01 else "less than 1 %"


def nearest_facets(evidence: RegionEvidence) -> tuple[list[Facet], int]:
    """Give the facets of least margin, and how many more there are."""
    facets = sorted(evidence.body.facets, key=lambda facet: facet.margin)
    return facets[:MOST_FACETS], max(0, len(facets) - MOST_FACETS)
