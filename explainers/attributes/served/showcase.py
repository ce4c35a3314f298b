"""What a model card and a gallery say of the attributes."""

from typing import TYPE_CHECKING, Final

import numpy as np

from explainers.attributes.served.relevance import exclusivity
from explainers.gallery import Tile

if TYPE_CHECKING:
    from explainers.attributes.served.explainer import Attributes

DEAD: Final = 1e-3
_RANKS: Final = ("first", "second", "third")


def summary_of(stored: "Attributes") -> dict[str, float | int | str]:
    """Count attributes, dead ones and pairs; say how near they are to class logits."""
    gaps, used, served = exclusivity(stored.table, 1.0 / stored.tau)
    dead = int((stored.mean_phi < DEAD).sum())
    return {
        "trained": "together with the network" if stored.by_design else "for the fixed network",
        "layers": ", ".join(stored.layers),
        "attributes": len(stored.mean_phi),
        "dead_attributes": dead,
        "threshold": round(1.0 / stored.tau, 6),
        "validation_fidelity": round(stored.validation_fidelity, 6),
        "validation_cns": round(stored.validation_cns, 6),
        "attributes_of_a_class": round(float(used.mean()), 6),
        "attributes_of_several_classes": int((served > 1).sum()),
        "gap_of_first_and_second": round(float(gaps.mean()), 6),
        "pairs": len(stored.pairs),
        "input_error": round(stored.input_error, 6),
        "input_error_of_the_mean_image": round(stored.mean_error, 6),
        "pictures_tried": stored.maximised,
        "pictures_that_raise": stored.raised,
        "pictures_above_their_image": stored.above_original,
        "pictures": stored.pictures_reason or "activation maximisation, partial initialisation",
    }


def gallery_of(stored: "Attributes", regions: tuple[str, ...], region: str) -> tuple[Tile, ...]:
    """Give a pair's maximum activating samples, each above what maximises it further.

    Then one more image of the pair, and the first sample again, above two controls: the
    search from noise, and without bounds on the pixels.
    """
    if region not in regions:
        return ()
    pair = regions.index(region)
    label, attribute = stored.pairs[pair].tolist()
    words = f"highest attribute {attribute} in {stored.class_names[label]}"
    drawn = stored.sample_pictures.size > 0
    tiles = [
        Tile(
            stored.example_ids[example],
            words if place == 0 else f"{_rank(place)} highest",
            picture=stored.sample_pictures[pair, place] if drawn else None,
        )
        for place, example in enumerate(stored.samples[pair].tolist())
        if example >= 0
    ]
    if not drawn:
        return tuple(tiles)
    local, first = int(stored.local_samples[pair]), int(stored.samples[pair, 0])
    if local >= 0:
        picture = stored.local_pictures[pair]
        tiles.append(Tile(stored.example_ids[local], "usual image", picture=picture))
    if first < 0:
        return tuple(tiles)
    low, high = stored.released_ranges[pair].tolist()
    kept = [
        (stored.random_pictures, "search from noise"),
        (stored.released_pictures, f"search without bounds, {low:.1f} to {high:.1f}"),
    ]
    tiles += [
        Tile(stored.example_ids[first], said, picture=np.asarray(pictures[pair]))
        for pictures, said in kept
    ]
    return tuple(tiles)


def _rank(place: int) -> str:
    return _RANKS[place] if place < len(_RANKS) else f"{place + 1}th"
