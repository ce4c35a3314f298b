"""Full runs of FLINT: by design on the paper's split, afterwards, and as it is served."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bench import cut_bare
from benchmarks.block_cost import block_cost
from benchmarks.flint_afterwards import afterwards
from benchmarks.flint_settings import SETTINGS
from benchmarks.flint_trainings import log_of, summary, train_all
from benchmarks.machine import header
from benchmarks.reproducing import DATA, arguments, fit
from explainers.attributes.served import Attributes
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.progress import bar
from reasoned.folder.checking import read_manifest

METHODS = "meta_forest,attributes,additive"
BEST = "the interpreter of the fixed reference network, at the defaults of `reasoned fit`"
ROW = ("f", "g", "fidelity", "spread", "cns5", "cns", "fit_cpu_seconds", "attributes", "seeds")
LIME_IMAGES = 200
TIMED = 1000


def main() -> None:
    """Train what is not trained, fit what is not fitted, and write the figures."""
    asked = arguments(__doc__, Path("models/flint")).parse_args()
    places = {"mnist": asked.mnist_dir, "fashion": asked.fashion_dir}
    found: dict[str, Any] = header()
    train_all(asked.models, places)
    for name in SETTINGS:
        found[name] = summary(asked.models, name)
    found["schedule"] = log_of(asked.models, "mnist")
    steps = served_steps(asked.models, places, keep=asked.keep)
    for name, step in steps.items():
        found[name] = step()
        asked.out.write_text(json.dumps(found, indent=1) + "\n")
        print(f"{name} done", flush=True)
    found["fashion_best"] = {"setting": BEST} | {
        key: found["fashion_posthoc"][key] for key in ROW if key in found["fashion_posthoc"]
    }
    asked.out.write_text(json.dumps(found, indent=1) + "\n")


def served_steps(
    models: Path, places: Mapping[str, Path | None], *, keep: bool
) -> dict[str, Callable[[], dict[str, Any]]]:
    """Name what is measured on model folders: afterwards for both networks, and by design."""

    def fitted(name: str) -> dict[str, Any]:
        model = models / f"{name}_posthoc"
        cost = {} if keep and model.is_dir() else fit(name, model, places[name], METHODS)
        found = afterwards(model, DATA[name], places[name])
        return found | {"whole_fit": cost} | as_served(model, name, places[name])

    def trained() -> dict[str, Any]:
        model = models / "fashion_by_design"
        if not (keep and model.is_dir()):
            train(model, places["fashion"])
        return as_served(model, "fashion", places["fashion"])

    return {
        "mnist_posthoc": lambda: fitted("mnist"),
        "fashion_posthoc": lambda: fitted("fashion"),
        "fashion_by_design": trained,
    }


def train(model: Path, data_dir: Path | None) -> None:
    """Train by design through the command line, as a user would."""
    command = [sys.executable, "-m", "reasoned", "train", "--by-design", "--replace"]
    command += ["--data", DATA["fashion"], "--out", str(model), "--precision", "bfloat16"]
    command += ["--methods", "attributes,additive"]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    subprocess.run(command, check=True)


def as_served(model: Path, name: str, data_dir: Path | None) -> dict[str, Any]:
    """Evaluate a model folder by the command line, and time what the method adds."""
    command = [sys.executable, "-m", "reasoned", "evaluate", str(model), "--method", "attributes"]
    command += ["--data", DATA[name], "--images", str(LIME_IMAGES), "--json"]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    manifest, sha256 = read_manifest(model)
    return {
        "request": request_cost(model, name, data_dir),
        "evaluation": json.loads(run.stdout),
        "model_figures": manifest.figures,
        "model_card": manifest.methods["attributes"],
        "model_sha256": sha256,
    }


def request_cost(model: Path, name: str, data_dir: Path | None) -> dict[str, Any]:
    """Time the evidence against one pass of the bare network, in one process."""
    own = open_own_splits(model, DATA[name], data_dir)
    with tempfile.TemporaryDirectory(prefix="reasoned-flint-") as place:
        scratch = Path(place)
        rows, path = own.splits.test[:TIMED], scratch / "pixels.npy"
        pixels = np.array(prepare_pixels(own.dataset, rows, own.manifest.preprocessing, path, bar))
        cut_bare(model / "network.onnx", scratch / "bare.onnx")
        method = Attributes.load(model / "methods")
        return block_cost(method, model, scratch / "bare.onnx", pixels)


if __name__ == "__main__":
    main()
