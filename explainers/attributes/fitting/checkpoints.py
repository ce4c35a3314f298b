"""A training's state in one safetensors file, so that it can go on after a stop."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from explainers.attributes.fitting.training import EpochRecord, Trainer
from explainers.errors import ArtefactError

_RECORDS = TypeAdapter(list[EpochRecord])
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_NAMED = 5  # settings in a message
_ABSENT = "nothing"


def save_checkpoint(
    path: Path, trainer: Trainer, records: Sequence[EpochRecord], settings: str
) -> None:
    """Write weights, Adam's moments and the log; the file appears whole or not at all.

    Parameters
    ----------
    path
        Where it goes; what was there is replaced.
    trainer
        Between two epochs.
    records
        Of the epochs so far.
    settings
        Says which training this is, as JSON; only the same may go on from it.

    """
    tensors = {f"weights.{name}": value for name, value in trainer.modules.state_dict().items()}
    for number, parameter in enumerate(trainer.modules.parameters()):
        state = trainer.optimiser.state.get(parameter, {})
        tensors |= {f"adam.{number}.{name}": state[name] for name in _MOMENTS if name in state}
    log = json.dumps([dataclasses.asdict(record) for record in records])
    beside = path.with_suffix(".part")
    # safetensors stores row-major arrays only.
    plain = {name: value.detach().contiguous().clone() for name, value in tensors.items()}
    save_file(plain, beside, metadata={"settings": settings, "log": log})
    beside.replace(path)


def load_checkpoint(path: Path, trainer: Trainer, settings: str) -> list[EpochRecord]:
    """Put a trainer into the state that `save_checkpoint` wrote, and give the log.

    Raises
    ------
    ArtefactError
        When the file is not such a state, or one of another training; the message names
        the settings that differ.

    """
    try:
        with safe_open(path, "pt") as stored:
            said = stored.metadata() or {}
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  it is no mapping
        records = _RECORDS.validate_json(said["log"])
        own = said["settings"]
    except (OSError, SafetensorError, KeyError, ValidationError) as error:
        raise ArtefactError(
            f"{path} is not the state of a training: {error}; remove it to begin anew"
        ) from error
    if own != settings:
        raise ArtefactError(
            f"{path} belongs to another training: {differences(own, settings)}; give the same "
            f"settings to go on with it, or remove {path} to begin anew"
        )
    weights = {
        name.removeprefix("weights."): value
        for name, value in tensors.items()
        if name.startswith("weights.")
    }
    try:
        moments = _moments(trainer, tensors)
        trainer.modules.load_state_dict(weights)
    except (RuntimeError, KeyError) as error:
        raise ArtefactError(
            f"{path} does not fit the networks in training: {error}; remove it to begin anew"
        ) from error
    groups = trainer.optimiser.state_dict()["param_groups"]
    trainer.optimiser.load_state_dict({"state": moments, "param_groups": groups})
    return records


def _moments(
    trainer: Trainer, tensors: Mapping[str, torch.Tensor]
) -> dict[int, dict[str, torch.Tensor]]:
    found = {}
    for number, parameter in enumerate(trainer.modules.parameters()):
        if f"adam.{number}.step" not in tensors:
            continue  # a parameter that no output depends on has no moments
        average, square = (
            # Adam walks through memory: moments must lie there in the order of the weights.
            torch.empty_like(parameter).copy_(tensors[f"adam.{number}.{name}"])
            for name in _MOMENTS[1:]
        )
        step = tensors[f"adam.{number}.step"]
        found[number] = {"step": step, "exp_avg": average, "exp_avg_sq": square}
    return found


def differences(there: str, here: str) -> str:
    """Say in which settings two descriptions of trainings, each as JSON, differ."""
    try:
        one, other = (dict(_flat(json.loads(text))) for text in (there, here))
    except ValueError:
        return f"{there} there, {here} here"
    found = [
        f"{name} is {one.get(name, _ABSENT)} there and {other.get(name, _ABSENT)} here"
        for name in [*one, *(name for name in other if name not in one)]
        if one.get(name, _ABSENT) != other.get(name, _ABSENT)
    ]
    more = f", and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(found[:_NAMED]) + more


def _flat(given: object, before: str = "") -> list[tuple[str, object]]:
    """Name every value inside dictionaries and lists of them: ``preset.epochs``."""
    if isinstance(given, dict):
        inner = [(f"{before}.{key}".lstrip("."), value) for key, value in given.items()]
    elif isinstance(given, list) and any(isinstance(value, dict) for value in given):
        inner = [(f"{before}.{_called(value, i)}", value) for i, value in enumerate(given)]
    else:
        return [(before, given)]
    return [pair for name, value in inner for pair in _flat(value, name)]


def _called(value: object, position: int) -> str:
    """Name a stage by its term and epoch, anything else by its position."""
    if isinstance(value, dict) and "term" in value and "epoch" in value:
        return f"{value['term']} from epoch {value['epoch']}"
    return str(position)
