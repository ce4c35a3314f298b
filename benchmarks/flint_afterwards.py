"""FLINT afterwards, on a fixed network: several seeds of the interpreter, and their cost."""

import dataclasses
import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.flint_trainings import gathered
from benchmarks.own_tables import fitting_data, own_tables
from explainers.activations import ActivationTable
from explainers.attributes.fitting import AttributeOptions, fit_attributes
from explainers.attributes.fitting.interpreting import cached, scale_of, train_afterwards
from explainers.attributes.fitting.measuring import measure, pass_through
from explainers.attributes.served import Attributes
from explainers.fitting_contract import Companion, FittingData
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.fitting.progress import bar
from reasoned.inference import Network
from reasoned.network.lower import tapped_lower

SEEDS = 2


def afterwards(
    model: Path, data: str, data_dir: Path | None, options: Mapping[str, str]
) -> dict[str, Any]:
    """Train two interpreters for the network of a model; judge them on its test images.

    The cost is that of the whole fit of the method, pictures included, on one core.
    """
    own = open_own_splits(model, data, data_dir)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="reasoned-flint-") as place:
        tables = own_tables(own, model, Path(place))
        given = dataclasses.replace(_fitting_data(own, model, tables), options=options)
        pairs = [_run(given, tables["test"], seed) for seed in range(SEEDS)]
        runs = [run for run, _ in pairs]
        # The rest of a fit is the same for an interpreter that is there already.
        rest = dataclasses.replace(given, companion=pairs[0][1])
        began = time.process_time()
        fitted = fit_attributes(rest, np.random.default_rng(0), bar)
        spent = time.process_time() - began + runs[0]["cpu_seconds"]
    return gathered(runs) | {
        "fit_cpu_seconds": round(spent, 1),
        "training_cpu_seconds": [run["cpu_seconds"] for run in runs],
        "attributes": len(fitted.mean_phi),
        "pictures": {
            "tried": fitted.maximised,
            "raised": fitted.raised,
            "above_original": fitted.above_original,
        },
    }


def _fitting_data(own: OwnSplits, model: Path, tables: dict[str, ActivationTable]) -> FittingData:
    path, layers = model / "network.onnx", Attributes.load(model / "methods").layers
    lower = tapped_lower(path, Network.load(path), layers, tables["train"].pixels)
    return dataclasses.replace(fitting_data(own, tables), lower=lower)


def _run(given: FittingData, test: ActivationTable, seed: int) -> tuple[dict[str, Any], Companion]:
    source = cached(given.train, scale_of(given))
    rng, began = np.random.default_rng([seed, 1]), time.process_time()
    trained = train_afterwards(source, given, AttributeOptions.read(given.options), rng, bar)
    spent = time.process_time() - began
    passed = pass_through(trained.interpreter, cached(test, scale_of(given)))
    head = trained.interpreter.class_weights.detach().numpy()
    measured = dataclasses.asdict(measure(passed, head))
    weights = {k: v.numpy() for k, v in trained.interpreter.state_dict().items()}
    settings = json.dumps({"architecture": dataclasses.asdict(trained.architecture)})
    return measured | {"seed": seed, "cpu_seconds": round(spent, 1)}, Companion(weights, settings)
