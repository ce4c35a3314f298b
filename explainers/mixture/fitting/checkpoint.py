"""A chain on disk, to go on with: one safetensors file whose header holds JSON."""

import dataclasses
import hashlib
import json
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as save_arrays

from explainers.arrays import AnyArray
from explainers.errors import FittingError
from explainers.mixture.fitting.averages import Averages
from explainers.mixture.fitting.convergence import Moments
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.running import Running
from explainers.mixture.fitting.state import State

VERSION = 1


def digest_of(regression: Regression, prior: Prior, **settings: int | str) -> str:
    """Give the SHA-256 of all that decides how a chain goes: its key on disk."""
    digest = hashlib.sha256()
    facts: dict[str, object] = {"version": VERSION, "prior": dataclasses.asdict(prior)}
    facts |= {"shape": regression.x.shape, "intercept": regression.intercept, "plan": settings}
    digest.update(json.dumps(facts, sort_keys=True).encode())
    for array in (regression.x, regression.y):
        digest.update(np.ascontiguousarray(array, dtype=np.float64).data)
    return digest.hexdigest()


def path_of(folder: Path, digest: str) -> Path:
    """Say where the chain of that digest is kept."""
    return folder / f"chain-{digest}.safetensors"


def write(path: Path, running: Running, rng: np.random.Generator) -> None:
    """Write a chain and its generator, in one step that is done or not done.

    Raises
    ------
    FittingError
        When it cannot be written there.

    """
    arrays = _arrays(running)
    facts = {
        "sweeps": running.sweeps,
        "done": running.done,
        "best": running.best,
        "alpha": running.state.alpha,
        "draws": running.averages.draws,
        "paired_draws": running.averages.paired_draws,
        "counts": [running.first.count, running.second.count],
        "rng": rng.bit_generator.state,
    }
    text = json.dumps(facts, allow_nan=False)
    content = save_arrays(arrays, {"chain": text, "sha256": _seal(path, arrays, text)})
    try:
        _write_whole(path, content)
    except OSError as error:
        raise FittingError(
            f"{path} cannot be written, to go on from when the fit is stopped: {error}; remove "
            "what is in its place, or make room"
        ) from error


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path, rng: np.random.Generator) -> Running | None:
    """Read what `write` wrote and set the generator, or None where there is nothing to trust.

    A broken, changed or renamed file is not used; a warning says so.
    """
    try:
        if not path.exists():
            return None
        with safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
            header = file.metadata() or {}
        facts = _checked(path, arrays, header)
        running = _running(arrays, facts)
        rng.bit_generator.state = facts["rng"]
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        warnings.warn(
            f"{path} is not a usable checkpoint ({error}): the chain starts again", stacklevel=2
        )
        return None
    return running


def _checked(path: Path, arrays: dict[str, AnyArray], header: dict[str, str]) -> dict[str, Any]:
    text = header["chain"]
    if header["sha256"] != _seal(path, arrays, text):
        raise ValueError("its contents do not have the digest that it was written with")
    return dict(json.loads(text))


def _seal(path: Path, arrays: dict[str, AnyArray], text: str) -> str:
    # The name is the chain's key: under another one the file is not that chain.
    digest = hashlib.sha256(f"{path.name} {text}".encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def _arrays(running: Running) -> dict[str, AnyArray]:
    state = {field.name: getattr(running.state, field.name) for field in dataclasses.fields(State)}
    found = {f"state.{name}": value for name, value in state.items() if name != "alpha"}
    found |= {f"averages.{name}": value for name, value in running.averages.arrays().items()}
    found["reference"] = running.reference
    for name, half in (("first", running.first), ("second", running.second)):
        found |= {f"{name}.mean": half.mean, f"{name}.squares": half.squares}
    return {name: np.ascontiguousarray(value) for name, value in found.items()}


def _running(arrays: dict[str, AnyArray], facts: dict[str, Any]) -> Running:
    parts: dict[str, dict[str, AnyArray]] = {"state": {}, "averages": {}, "first": {}, "second": {}}
    for name, value in arrays.items():
        part, _, field = name.partition(".")
        if field:
            parts[part][field] = value
    first, second = facts["counts"]
    averages = Averages(facts["draws"], facts["paired_draws"], **parts["averages"])
    return Running(
        sweeps=facts["sweeps"],
        done=facts["done"],
        state=State(alpha=facts["alpha"], **parts["state"]),
        best=facts["best"],
        reference=arrays["reference"],
        averages=averages,
        first=Moments(first, **parts["first"]),
        second=Moments(second, **parts["second"]),
    )
