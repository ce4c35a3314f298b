"""Whether the stored parts of the method fit together."""

from typing import TYPE_CHECKING, Final

import numpy as np
import orjson

from explainers.arrays import check_finite, check_range, check_shape
from explainers.errors import ArtefactError
from explainers.mixture.served.gating import FEATURES, GATES
from explainers.mixture.served.places import HIDDEN, KINDS, PIXELS, SUPERPIXELS

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

MOST: Final = 2**62
MOST_SIDE, MOST_VALUES, MOST_UNITS = 4096, 2**22, 16_384
MOST_COMPONENTS: Final = 500  # of a class
LARGEST: Final = 1e6
SHOWN: Final = 8  # images of each component
_ROUNDING: Final = 1e-6
_LONGEST, _LONGEST_SETTINGS = 1000, 100_000


def check_stored(stored: "Mixture") -> None:
    """Raise `ArtefactError` or `ShapeError` naming the first part that does not fit."""
    _check_words(stored)
    _check_input(stored)
    _check_components(stored)
    _check_weights(stored)
    _check_gate(stored)
    _check_examples(stored)
    _check_figures(stored)


def _check_words(stored: "Mixture") -> None:
    if len(stored.class_names) < 2:
        raise ArtefactError(f"there must be two classes or more, not {len(stored.class_names)}")
    for name, found, known in (
        (FEATURES, stored.features, KINDS),
        ("gate_reads", stored.gate_reads, GATES),
    ):
        if found not in known:
            raise ArtefactError(f"{name} must be one of {', '.join(known)}, not {found[:80]!r}")
    if len(stored.verdicts) != len(stored.class_names):
        raise ArtefactError(
            f"there must be a verdict per class, {len(stored.class_names)}, not "
            f"{len(stored.verdicts)}"
        )
    if max(map(len, (*stored.verdicts, stored.preset))) > _LONGEST:
        raise ArtefactError(f"verdicts and preset must have at most {_LONGEST} letters")
    _check_settings(stored.settings)


def _check_settings(settings: str) -> None:
    if len(settings) > _LONGEST_SETTINGS:
        raise ArtefactError(
            f"settings must have at most {_LONGEST_SETTINGS} letters, not {len(settings)}"
        )
    try:
        found = orjson.loads(settings)  # stricter than `json`: no NaN, no nesting without end
    except ValueError as error:
        raise ArtefactError(f"settings must be JSON: {error}") from error
    if not isinstance(found, dict):
        raise ArtefactError(f"settings must be a JSON object, not {type(found).__name__}")


def _check_input(stored: "Mixture") -> None:
    check_shape("shape", stored.shape, "axes", axes=3)
    check_range("shape", stored.shape, 1, MOST_SIDE)
    channels = int(stored.shape[0])
    if channels not in (1, 3):
        raise ArtefactError(f"the input must have 1 or 3 channels, not {channels}")
    values = int(stored.shape.prod())
    check_range("values of the input", np.array([values]), 1, MOST_VALUES)
    for name in ("black", "white"):
        check_shape(name, getattr(stored, name), "channels", channels=channels)
        check_range(name, getattr(stored, name), -LARGEST, LARGEST)
    if np.abs(stored.white.astype(np.float64) - stored.black).min() < 1 / LARGEST:
        raise ArtefactError(f"black and white must differ by {1 / LARGEST} or more in each channel")
    given = values if stored.features == SUPERPIXELS else 0
    check_shape("cells", stored.cells, "values", values=given)


def _check_components(stored: "Mixture") -> None:
    check_shape("owner", stored.owner, "components")
    components, classes = len(stored.owner), len(stored.class_names)
    check_range("owner", stored.owner, 0, classes - 1)
    if np.any(np.diff(stored.owner) < 0) or len(np.unique(stored.owner)) != classes:
        raise ArtefactError("owner must be ascending and hold every class")
    check_range("components of a class", np.bincount(stored.owner), 1, MOST_COMPONENTS)
    limits = {
        "intercepts": (-LARGEST, LARGEST),
        "s2": (0.0, LARGEST**2),
        "shares": (0.0, 1.0),
        "l1": (0.0, LARGEST**2),
        "l2": (0.0, LARGEST**2),
        "nets": (0, components - 1),
    }
    for name, (low, high) in limits.items():
        check_shape(name, getattr(stored, name), "components", components=components)
        check_range(name, getattr(stored, name), low, high)
    summed = np.bincount(stored.owner, weights=stored.shares)
    check_range("shares, summed within a class,", summed, 0.0, 1.0 + _ROUNDING)


def _check_weights(stored: "Mixture") -> None:
    check_shape("weights", stored.weights, "components", "features", components=len(stored.owner))
    features = stored.weights.shape[1]
    if stored.features == PIXELS:
        values = int(stored.shape.prod())
        check_shape("weights", stored.weights, "components", "features", features=values)
    elif stored.features == HIDDEN:
        check_range("units of the hidden layer", np.array([features]), 1, MOST_UNITS)
    else:
        check_range("cells", stored.cells, 0, features - 1)
        if len(np.unique(stored.cells)) != features:
            raise ArtefactError(f"cells must hold each of the {features} features")
    sizes = {"components": len(stored.owner), "features": features}
    check_range("weights", stored.weights, -LARGEST, LARGEST)
    check_shape("deviations", stored.deviations, "components", "features", **sizes)
    check_range("deviations", stored.deviations, 0.0, LARGEST)
    check_shape("certain", stored.certain, "components", "features", **sizes)
    classes = len(stored.class_names)
    check_shape("selected", stored.selected, "classes", "features", classes=classes, **_only(sizes))
    if np.any(stored.weights[~stored.selected[stored.owner]]):
        raise ArtefactError("weights must be 0 where the class's regression reads no feature")


def _only(sizes: dict[str, int]) -> dict[str, int]:
    return {"features": sizes["features"]}


def _check_gate(stored: "Mixture") -> None:
    components = len(stored.owner)
    check_shape("gate_weights", stored.gate_weights, "components", "read", components=components)
    reads = stored.gate_weights.shape[1]
    if stored.gate_reads == FEATURES or stored.features == HIDDEN:
        features = stored.weights.shape[1]
        check_shape("gate_weights", stored.gate_weights, "components", "read", read=features)
    check_range("what the gate reads", np.array([reads]), 1, max(MOST_VALUES, MOST_UNITS))
    check_range("gate_weights", stored.gate_weights, -LARGEST, LARGEST)
    check_shape("gate_bias", stored.gate_bias, "components", components=components)
    check_range("gate_bias", stored.gate_bias, -LARGEST, LARGEST)
    check_range("limit", np.array([stored.limit]), 1.0, LARGEST)
    # Above a half no two components can both answer alone.
    check_range("dominance", np.array([stored.dominance]), 0.5 + _ROUNDING, 1.0)


def _check_examples(stored: "Mixture") -> None:
    examples = len(stored.example_ids)
    if len(set(stored.example_ids)) != examples:
        raise ArtefactError("example_ids must differ")
    check_shape("example_rows", stored.example_rows, "examples", examples=examples)
    check_range("example_rows", stored.example_rows, 0, MOST)
    if len(np.unique(stored.example_rows)) != examples:
        raise ArtefactError("example_rows must differ")
    components = len(stored.owner)
    check_shape(
        "members", stored.members, "components", "images", components=components, images=SHOWN
    )
    check_range("members", stored.members, -1, examples - 1)


def _check_figures(stored: "Mixture") -> None:
    limits = {
        "assigned_rmse": LARGEST,
        "predictive_rmse": LARGEST,
        "ridge_rmse": LARGEST,
        "gate_accuracy": 1.0,
        "r_hat": LARGEST,
    }
    for name, high in limits.items():
        found = getattr(stored, name)
        check_shape(name, found, "classes", classes=len(stored.class_names))
        check_finite(name, found)
        check_range(name, found, 0.0, high)
    check_range("validation_fidelity", np.array([stored.validation_fidelity]), 0.0, 1.0)
