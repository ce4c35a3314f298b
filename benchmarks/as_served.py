"""A model folder judged as it is served: the evaluation by the command line, and the cost."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.bench import cut_bare
from benchmarks.block_cost import block_cost
from benchmarks.reproducing import DATA
from explainers.contract import Explainer
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.progress import bar
from reasoned.folder.checking import read_manifest

TIMED: Final = 1000


def as_served(
    kind: type[Explainer], model: Path, name: str, data_dir: Path | None, images: int
) -> dict[str, Any]:
    """Evaluate a method of a model folder as a user would, and time what it adds."""
    command = [sys.executable, "-m", "reasoned", "evaluate", str(model), "--method", kind.name]
    command += ["--data", DATA[name], "--images", str(images), "--json"]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    manifest, sha256 = read_manifest(model)
    return {
        "request": request_cost(kind, model, name, data_dir),
        "evaluation": json.loads(run.stdout),
        "model_figures": manifest.figures,
        "model_card": manifest.methods[kind.name],
        "model_sha256": sha256,
    }


def request_cost(
    kind: type[Explainer], model: Path, name: str, data_dir: Path | None
) -> dict[str, Any]:
    """Time the evidence against one pass of the bare network, in one process."""
    own = open_own_splits(model, DATA[name], data_dir)
    with tempfile.TemporaryDirectory(prefix="reasoned-cost-") as place:
        scratch = Path(place)
        rows, path = own.splits.test[:TIMED], scratch / "pixels.npy"
        pixels = np.array(prepare_pixels(own.dataset, rows, own.manifest.preprocessing, path, bar))
        cut_bare(model / "network.onnx", scratch / "bare.onnx")
        method = kind.load(model / "methods")
        return block_cost(method, model, scratch / "bare.onnx", pixels)
