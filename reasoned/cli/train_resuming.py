"""Whether a stopped training is the one that is asked for, told by the options of the command."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError, safe_open

from explainers.errors import ArtefactError
from reasoned.fitting.by_design import CHECKPOINT, ByDesignSettings
from reasoned.fitting.preset_choices import TERMS

# Where the value of an option stands among the stored settings.
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "--epochs": ("preset", "epochs"),
    "--batch": ("preset", "batch"),
    "--rate": ("preset", "rate"),
    "--attributes": ("preset", "architecture", "attributes"),
    "--positive-head": ("preset", "architecture", "positive_head"),
    "--network": ("network", "source"),
    "--seed": ("seed",),
    "--precision": ("precision",),
}
_ABSENT: Final = "not given"


def check_same_training(kept: Path, design: ByDesignSettings) -> None:
    """Refuse to go on with a training that other options began.

    What is not an option, as the images, is compared when the training goes on.

    Parameters
    ----------
    kept
        The folder of the checkpoint, if there is one.
    design
        What is asked for.

    Raises
    ------
    ArtefactError
        When an option differs; the message names each with both values.

    """
    before = _stored(kept / CHECKPOINT)
    if before is None:
        return
    now = json.loads(json.dumps(dataclasses.asdict(design), default=str))
    one, other = _options(before), _options(now)
    apart = [
        f"{name} was {one[name]} and is {other[name]} now"
        for name in one
        if one[name] != other[name]
    ]
    if apart:
        raise ArtefactError(
            f"{kept} belongs to another training: {', '.join(apart)}; give the same to go on with "
            f"it, or remove {kept} to begin anew"
        )


def _stored(path: Path) -> dict[str, Any] | None:
    """Read the settings of a checkpoint; None where the training itself will say what is wrong."""
    if not path.exists():
        return None
    try:
        with safe_open(path, "pt") as stored:
            found = json.loads((stored.metadata() or {})["settings"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _options(settings: dict[str, Any]) -> dict[str, object]:
    found = {name: _at(settings, place) for name, place in _PLACES.items()}
    target = _at(settings, ("preset", "variant", "f_is_target"))
    found["--variant"] = "printed" if target is False else "released"
    slope = _at(settings, ("preset", "architecture", "outer_slope"))
    found["--leaky"] = "no" if slope == 0.0 else "yes"
    stages = _at(settings, ("preset", "schedule", "stages"))
    weights = {
        stage["term"]: stage["weight"] for stage in (stages if isinstance(stages, list) else [])
    }
    for name, terms in TERMS.items():
        if len(terms) == 1:
            found[f"--weight {name}"] = weights.get(terms[0], 0.0)
    return found


def _at(settings: object, place: tuple[str, ...]) -> object:
    for name in place:
        settings = settings.get(name) if isinstance(settings, dict) else None
    return _ABSENT if settings is None else settings
