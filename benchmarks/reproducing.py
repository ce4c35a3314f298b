"""What the full runs on MNIST and Fashion-MNIST have in common."""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import header

DATA = {"mnist": "mnist", "fashion": "fashion-mnist"}


def arguments(description: str | None, models: Path) -> argparse.ArgumentParser:
    """Give the parser of a full run; `models` is where the models go by default."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=models)
    parser.add_argument("--mnist-dir", type=Path)
    parser.add_argument("--fashion-dir", type=Path)
    parser.add_argument("--only", choices=sorted(DATA))
    parser.add_argument("--keep", action="store_true", help="do not fit models that are there")
    return parser


def write_each(
    asked: argparse.Namespace, run: Callable[[str, Path | None], dict[str, Any]]
) -> None:
    """Run what was asked for, one data set after the other, and write the figures of each."""
    found: dict[str, Any] = header()
    if asked.only and asked.out.exists():
        found = {**json.loads(asked.out.read_text()), **found}
    for name in [asked.only] if asked.only else sorted(DATA):
        found[name] = run(name, asked.mnist_dir if name == "mnist" else asked.fashion_dir)
        asked.out.write_text(json.dumps(found, indent=1) + "\n")
        print(json.dumps({name: found[name]}, indent=1), flush=True)


def fit(
    name: str,
    model: Path,
    data_dir: Path | None,
    methods: str,
    options: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Fit through the command line, as a user would; give its cost."""
    command = [sys.executable, "-m", "reasoned", "fit", "--network", "reference", "--replace"]
    command += ["--methods", methods]
    command += ["--data", DATA[name], "--out", str(model)]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    for option, value in (options or {}).items():
        command += ["--set", f"{option}={value}"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "fit_cpu_seconds": round(cpu, 1),
        "fit_seconds": round(time.perf_counter() - began, 1),
        "fit_peak_mib": round(after.ru_maxrss / 1024, 1),
    }


def run_step(steps: str, name: str, models: Path, data_dir: Path | None) -> None:
    """Run one step of a full run in a process of its own; `steps` is its module."""
    command = [sys.executable, "-m", f"benchmarks.{steps}", name, "--models", str(models)]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    subprocess.run(command, check=True)


def rounded(found: Any) -> Any:  # noqa: ANN401  anything that JSON holds
    """Keep five digits after the point, everywhere."""
    if isinstance(found, Mapping):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [rounded(value) for value in found]
    return round(found, 5) if isinstance(found, float) else found
