"""A training's state in one safetensors file, so that it can go on after a stop."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from explainers.attributes.fitting.training import EpochRecord, Trainer
from explainers.errors import ArtefactError

_RECORDS = TypeAdapter(list[EpochRecord])
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


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
        Says which training this is; only the same may go on from it.

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
        When the file is not such a state, or one of another training.

    """
    try:
        with safe_open(path, "pt") as stored:
            said = stored.metadata() or {}
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  it is no mapping
        records = _RECORDS.validate_json(said["log"])
    except (OSError, SafetensorError, KeyError, ValidationError) as error:
        raise ArtefactError(f"{path} is not the state of a training: {error}") from error
    if said["settings"] != settings:
        raise ArtefactError(
            f"{path} belongs to a training with other settings: {said['settings']}, and not "
            f"{settings}; give the same ones, or remove it to begin anew"
        )
    weights = {
        name.removeprefix("weights."): value
        for name, value in tensors.items()
        if name.startswith("weights.")
    }
    try:
        trainer.modules.load_state_dict(weights)
        _load_moments(trainer, tensors)
    except (RuntimeError, KeyError) as error:
        raise ArtefactError(f"{path} does not fit the networks in training: {error}") from error
    return records


def _load_moments(trainer: Trainer, tensors: dict[str, torch.Tensor]) -> None:
    state = {
        number: {name: tensors[f"adam.{number}.{name}"] for name in _MOMENTS}
        for number, _ in enumerate(trainer.modules.parameters())
    }
    groups = trainer.optimiser.state_dict()["param_groups"]
    trainer.optimiser.load_state_dict({"state": state, "param_groups": groups})
