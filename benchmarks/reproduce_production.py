"""Full runs of what production asks for: detectors, ledger, cost, replay, container.

Each step is a command of its own, whose results stay under --work; a run goes on where it was
stopped.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT, header
from benchmarks.reproducing import rounded

STEPS = ("reference", "drift", "ledger", "cost", "replay", "container")
# Where each figure of the list is found: the step, and its name there.
FIGURES = {
    "null_alarmed_share": ("drift", ("null_alarmed_share",)),
    "disagreement_delay": ("drift", ("disagreement_delay",)),
    "cluster_shift_delay": ("drift", ("cluster_shift_delay",)),
    "added_us_per_request": ("cost", ("in_process", "added_us")),
    "cpu_ratio": ("cost", ("http", "cpu_ratio")),
    "ledger_rows_per_second": ("ledger", ("ledger_rows_per_second",)),
    "by_id_p99_ms": ("ledger", ("by_id_p99_ms",)),
    "kill9_lost_rows_unaccounted": ("ledger", ("kill9_lost_rows_unaccounted",)),
    "replay_equal": ("replay", ("replay_equal",)),
    "container_mb": ("container", ("container_mb",)),
    "container_ready_seconds": ("container", ("container_ready_seconds",)),
}


def main() -> None:
    """Do what is not done yet, and write the figures of what is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="fitted on Fashion-MNIST")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("models/production"))
    parser.add_argument("--keep", action="store_true", help="leave out steps that are done")
    parser.add_argument("--step", action="append", choices=STEPS, help="this alone; repeatable")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    for step in given.step or STEPS:
        if given.keep and _result(given, step).exists():
            continue
        print(step, flush=True)
        subprocess.run(_command(given, step), check=True, cwd=ROOT)
    found = summary({s: _read(given, s) for s in STEPS[1:] if _result(given, s).exists()})
    given.out.write_text(json.dumps({**header(), **rounded(found)}, indent=1) + "\n")


def summary(steps: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Put the figures of the issue on top, and below them what each step found."""
    figures = {}
    for name, (step, path) in FIGURES.items():
        value: Any = steps.get(step)
        for key in path:
            value = None if value is None else value[key]
        figures[name] = value
    return {**figures, "steps": steps}


def _result(given: argparse.Namespace, step: str) -> Path:
    if step == "reference":
        return Path(given.work) / "model" / "manifest.json"
    return Path(given.work) / f"{step}.json"


def _read(given: argparse.Namespace, step: str) -> dict[str, Any]:
    found: Any = json.loads(_result(given, step).read_text())
    if isinstance(found, list):  # one entry for each way to build the container, ours first
        found = {**found[0], "routes": found}
    read: dict[str, Any] = found
    return read


def _command(given: argparse.Namespace, step: str) -> list[str]:
    model, out = Path(given.work) / "model", _result(given, step)
    data = ["--data-dir", str(given.data_dir)] if given.data_dir else []
    python = [sys.executable, "-m"]
    return {
        "reference": [
            *python,
            "reasoned",
            "drift",
            "reference",
            str(given.model),
            "--data",
            "fashion-mnist",
            "--out",
            str(model),
            "--replace",
            *data,
        ],
        "drift": [
            *python,
            "benchmarks.drift_streams",
            "--model",
            str(model),
            "--data",
            "fashion-mnist",
            "--out",
            str(out),
            *data,
        ],
        "ledger": [*python, "benchmarks.ledger_load", "--out", str(out)],
        "cost": [
            *python,
            "benchmarks.added_cost",
            "--model",
            str(model),
            "--out",
            str(out),
            *data,
        ],
        "replay": [
            *python,
            "benchmarks.replayed",
            "--model",
            str(model),
            "--out",
            str(out),
            *data,
        ],
        "container": [
            *python,
            "deploy.container",
            "--model",
            str(model),
            "--make-base",
            "--route",
            "both",
            "--json",
            str(out),
        ],
    }[step]


if __name__ == "__main__":
    main()
