"""What a model card and a gallery say of the mixture."""

from typing import TYPE_CHECKING, Final

import numpy as np

from explainers.gallery import Tile
from explainers.mixture.served.class_record import component_regions
from explainers.mixture.served.maps import heat_of
from explainers.mixture.served.places import HIDDEN, Places
from explainers.mixture.served.words import NO_STRUCTURE

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

_DIGITS: Final = 6
_MOST_WARNED: Final = 500  # letters
HIGHEST_R_HAT: Final = 1.1
MOST_R_HAT: Final = 1000.0  # where it is capped
OCCUPIED: Final = "components are occupied"  # of a verdict


def summary_of(stored: "Mixture") -> dict[str, float | int | str]:
    """Give the errors, assigned and predictive, and what else the fit is judged by."""
    counts = np.bincount(stored.owner)
    return {
        "preset": stored.preset,
        "features": stored.features,
        "features_of_a_class": int(stored.selected.sum(axis=1).max()),
        "components": int(counts.sum()),
        "components_of_a_class": f"{counts.min()} to {counts.max()}",
        "gate_reads": stored.gate_reads,
        "validation_fidelity": round(stored.validation_fidelity, _DIGITS),
        "assigned_rmse": _mean(stored.assigned_rmse),
        "assigned_rmse_means": (
            "the network's answer chooses the component: how well the regressions fit, no "
            "prediction"
        ),
        "predictive_rmse": _mean(stored.predictive_rmse),
        "predictive_rmse_means": "the gate chooses the component from the image alone",
        "ridge_rmse": _mean(stored.ridge_rmse),
        "gate_accuracy": _mean(stored.gate_accuracy),
        "worst_r_hat": _r_hat(float(stored.r_hat.max())),
        "warnings": _warnings(stored)[:_MOST_WARNED] or "none",
    }


def _r_hat(worst: float) -> float | str:
    if worst >= MOST_R_HAT:
        return f"{MOST_R_HAT:g} or more"
    return round(worst, _DIGITS) or "not measured"


def _warnings(stored: "Mixture") -> str:
    """Say what the reader must know of the fit, each kind of warning once."""
    apart = [bool(r_hat > HIGHEST_R_HAT) for r_hat in stored.r_hat]
    flat = [verdict.startswith(NO_STRUCTURE) for verdict in stored.verdicts]
    full = [OCCUPIED in verdict for verdict in stored.verdicts]
    kinds = (
        (
            apart,
            f"chains differ (R-hat above {HIGHEST_R_HAT}), the likelier one is kept: raise sweeps",
        ),
        (flat, f"{NO_STRUCTURE} was found"),
        (full, "all components are occupied: raise components"),
    )
    of = len(stored.class_names)
    return "; ".join(
        f"in {sum(which)} of {of} classes {words}" for which, words in kinds if any(which)
    )


def _mean(found: np.typing.NDArray[np.float64]) -> float:
    return round(float(found.mean()), _DIGITS)


def gallery_of(stored: "Mixture", places: Places, region: str) -> tuple[Tile, ...]:
    """Give the images for which a component answers most, each under its coefficients."""
    found = _component(stored, region)
    if found is None:
        return ()
    number, component, place, of = found
    members = [position for position in stored.members[component].tolist() if position >= 0]
    heat = None if places.kind == HIDDEN else heat_of(places, stored.weights[component])
    most = f"most like component {place} of {of} of {stored.class_names[number]}"
    return tuple(
        Tile(stored.example_ids[position], most if rank == 0 else f"place {rank + 1}", heat)
        for rank, position in enumerate(members)
    )


def _component(stored: "Mixture", region: str) -> tuple[int, int, int, int] | None:
    """Find the class of a region, the component, and which of how many in the class it is."""
    for number, count in enumerate(np.bincount(stored.owner).tolist()):
        if not region.startswith(f"class-{number}-"):
            continue
        owned = np.flatnonzero(stored.owner == number).tolist()
        names = component_regions(number, count)
        if region in names:
            place = names.index(region)
            return number, owned[place], place + 1, count
    return None
