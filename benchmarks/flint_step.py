"""One step of FLINT's full run on a model folder: afterwards, or by design; a JSON file each."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.as_served import as_served
from benchmarks.flint_afterwards import afterwards
from benchmarks.machine import header
from benchmarks.reproducing import DATA, fit
from explainers.attributes.served import Attributes

METHODS = "meta_forest,attributes,additive"
LIME_IMAGES = 200
CONCISE: Final = {"delta": "0.7", "l1": "0.15", "width": "64", "epochs": "12"}
# Of each step the data set, the options for a fixed network (None: by design), and the step
# whose model's network it reads.
STEPS: Final[dict[str, tuple[str, dict[str, str] | None, str]]] = {
    "mnist_concise": ("mnist", CONCISE, "mnist_concise"),
    "fashion_concise": ("fashion", CONCISE, "fashion_concise"),
    "mnist_posthoc": ("mnist", {}, "mnist_concise"),
    "fashion_posthoc": ("fashion", {}, "fashion_concise"),
    "fashion_by_design": ("fashion", None, "fashion_by_design"),
}


def main() -> None:
    """Fit or train the model where it is not there, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    asked = parser.parse_args()
    name, options, owner = STEPS[asked.step]
    top, model = header(), asked.models / owner
    found: dict[str, Any] = {"commit": top["commit"], "options": options}
    if not model.is_dir() and options is not None:
        own = {f"attributes.{option}": value for option, value in options.items()}
        found["whole_fit"] = fit(name, model, asked.data_dir, METHODS, own)
    elif not model.is_dir():
        train(model, asked.data_dir)
    if options is not None:
        found |= afterwards(model, DATA[name], asked.data_dir, options)
    if owner == asked.step:
        found |= as_served(Attributes, model, name, asked.data_dir, LIME_IMAGES)
    result_of(asked.models, asked.step).write_text(json.dumps(found, indent=1) + "\n")


def result_of(models: Path, step: str) -> Path:
    """Give the file that a step writes."""
    return models / f"{step}.json"


def train(model: Path, data_dir: Path | None) -> None:
    """Train by design through the command line, as a user would."""
    command = [sys.executable, "-m", "reasoned", "train", "--by-design", "--replace"]
    command += ["--data", DATA["fashion"], "--out", str(model), "--precision", "bfloat16"]
    # Half of the epochs: this model shows the form and the cost, not the best accuracy.
    command += ["--methods", "attributes,additive", "--epochs", "6"]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
