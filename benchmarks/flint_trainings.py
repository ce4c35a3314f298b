"""Train every setting that is not trained yet, two at a time, and gather what they achieve."""

import concurrent.futures
import dataclasses
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open

from benchmarks.flint_run import HELD_OUT
from benchmarks.flint_settings import SETTINGS, Setting
from reasoned.fitting.by_design import CHECKPOINT

AT_A_TIME = 2
TRAINED = 60_000
PERCENT = ("f", "g", "fidelity")


def train_all(folder: Path, places: Mapping[str, Path | None]) -> None:
    """Run what is not done; a run that was stopped goes on from its last epoch.

    Parameters
    ----------
    folder
        Where each run has a folder of its own.
    places
        For each data set the folder with its files, or None.

    """
    left = [
        (name, seed)
        for name, setting in SETTINGS.items()
        for seed in range(setting.seeds)
        if not is_done(place_of(folder, name, seed), setting, seed)
    ]
    print(f"{len(left)} trainings to do, {AT_A_TIME} at a time", flush=True)
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for said in pool.map(lambda one: _train(folder, places, *one), left):
            print(said, flush=True)


def _train(folder: Path, places: Mapping[str, Path | None], name: str, seed: int) -> str:
    place = place_of(folder, name, seed)
    command = [sys.executable, "-m", "benchmarks.flint_run", name, "--seed", str(seed)]
    data_dir = places[SETTINGS[name].data]
    command += ["--out", str(place), *(["--data-dir", str(data_dir)] if data_dir else [])]
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found = json.loads((place / "result.json").read_text())
    return f"{name}, seed {seed}: " + ", ".join(f"{key} {found[key]:.4f}" for key in PERCENT)


def place_of(folder: Path, name: str, seed: int) -> Path:
    """Give the folder of one run."""
    return folder / f"{re.sub(r'[^a-z0-9_]+', '-', name)}-{seed}"


def is_done(place: Path, setting: Setting, seed: int) -> bool:
    """Say whether a folder holds the result of this very setting."""
    if not (place / "result.json").exists() or not (place / CHECKPOINT).exists():
        return False
    with safe_open(place / CHECKPOINT, "pt") as stored:
        said = json.loads((stored.metadata() or {}).get("settings", "{}"))
    wanted = {
        "preset": json.loads(json.dumps(dataclasses.asdict(setting.preset))),
        "seed": seed,
        "precision": setting.precision,
    }
    # Held out or not, it is another number of training images.
    if said.get("images", [0])[0] != (TRAINED - HELD_OUT if setting.held_out else TRAINED):
        return False
    return all(said.get(key) == value for key, value in wanted.items())


def summary(folder: Path, name: str) -> dict[str, Any]:
    """Gather the runs of one setting: means over seeds, shares in percent."""
    setting = SETTINGS[name]
    runs = [
        json.loads((place_of(folder, name, seed) / "result.json").read_text())
        for seed in range(setting.seeds)
    ]
    return gathered(runs) | {"judged_on": "held out" if setting.held_out else "test"}


def gathered(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Give means over seeds and their standard deviations; each run with its commit."""
    found: dict[str, Any] = {key: mean([100 * run[key] for run in runs]) for key in PERCENT}
    spread = {key: deviation([100 * run[key] for run in runs]) for key in PERCENT}
    cns = {tau: mean([run["cns"][tau] for run in runs]) for tau in runs[0]["cns"]}
    return found | {
        "spread": spread | {"cns5": deviation([run["cns"]["5"] for run in runs])},
        "cns5": cns["5"],
        "cns": cns,
        "fit_cpu_seconds": mean([run["cpu_seconds"] for run in runs]),
        "input_error": mean([run["input_error"] for run in runs]),
        "live": [run["live"] for run in runs],
        "attributes_of_a_class": [run["used"] for run in runs],
        "classes_of_an_attribute": [run["served"] for run in runs],
        "gap": mean([run["gap"] for run in runs]),
        "seeds": len(runs),
        "commits": [run.get("commit", "") for run in runs],
    }


def mean(values: list[float]) -> float:
    """Give the mean, to four digits."""
    return round(statistics.fmean(values), 4)


def deviation(values: list[float]) -> float | None:
    """Give the standard deviation, or None of one value."""
    return round(statistics.stdev(values), 4) if len(values) > 1 else None


def log_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Give the weights of the loss in each epoch of a setting's first run."""
    epochs = json.loads((place_of(folder, name, 0) / "result.json").read_text())["epochs"]
    return [{"epoch": one["epoch"], **one["weights"]} for one in epochs]
