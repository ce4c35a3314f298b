"""What a model card and a gallery say of a rule set."""

from typing import TYPE_CHECKING

import numpy as np

from explainers.gallery import Tile

if TYPE_CHECKING:
    from explainers.representative.served.explainer import Representative

SHOWN = 15


def summary_of(stored: "Representative") -> dict[str, float | int | str]:
    """Count polytopes, facets and searches; say how much they cover and whether exactly."""
    held = set(stored.polytope_classes.tolist())
    without = [name for label, name in enumerate(stored.class_names) if label not in held]
    one = "one affine layer: each class is one polytope"
    return {
        "polytopes": len(stored.references),
        "facets": len(stored.normals),
        "units": stored.normals.shape[1],
        "least_depth": round(stored.least_depth, 6),
        "validation_coverage": round(float(stored.coverage[-1]), 6),
        "validation_agreement": round(float(stored.agreement[-1]), 6),
        "least_covered_class": stored.class_names[int(np.argmin(stored.class_coverage))],
        "least_class_coverage": round(float(stored.class_coverage.min()), 6),
        "classes_without_polytope": ", ".join(without) or "none",
        "with_others_inside": int((stored.others > 0).sum()),
        "searches": stored.searches,
        "searches_failed": stored.failed,
        "boundaries_turned": stored.violations,
        "boundaries": stored.approximate or "the network's own, exactly",
        "network_above": one if stored.single_piece else "several linear pieces",
    }


def gallery_of(stored: "Representative", regions: tuple[str, ...], region: str) -> tuple[Tile, ...]:
    """Give a polytope's seed, images like it, and the seed again by each of a few facets.

    On the images lies the heat map of the whole polytope, on the last tiles that of one
    boundary, named by the class that it guards against.
    """
    if region not in regions:
        return ()
    polytope = regions.index(region)
    kept, drawn = stored.similar[polytope].tolist(), stored.heats.size > 0
    tiles = [
        Tile(
            stored.example_ids[example],
            stored.class_names[int(stored.example_predicted[example])],
            stored.heats[polytope, place] if drawn else None,
        )
        for place, example in enumerate(kept[:SHOWN])
        if example >= 0
    ]
    guarded = stored.guarded[stored.starts[polytope] : stored.starts[polytope + 1]].tolist()
    maps = stored.side_heats[polytope] if drawn else ()
    seed = stored.example_ids[kept[0]]
    sides = zip(guarded, maps, strict=False)
    return (*tiles, *(Tile(seed, f"against {stored.class_names[c]}", heat) for c, heat in sides))
