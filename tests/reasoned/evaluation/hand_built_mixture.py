"""A model folder of the digits with a mixture that ridge regressions make up."""

import dataclasses
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from explainers.fitting_contract import silent
from explainers.mixture.fitting.targets import log_odds
from explainers.mixture.served import Mixture
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.input_range import input_range
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings, NetworkSettings
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import new_folder, seal
from reasoned.inference import Network

CHOSEN, DIVIDED, CLASSES, LIMIT = 40, 5, 10, 12.0
_PER_CLASS = {"assigned_rmse", "predictive_rmse", "gate_accuracy", "ridge_rmse", "r_hat"}


def digits_folder(target: Path) -> None:
    """Fit a small network, and package it without a mixture."""
    asked = FitSettings(
        dataset=open_dataset("digits"),
        spec="digits",
        name="digits",
        network=NetworkSettings(epochs=6),
        methods=("meta_forest",),
        threads=1,
    )
    with new_folder(target, replace=False) as made:
        fit_model(asked, made, silent)


def add_mixture(folder: Path) -> Mixture:
    """Put a mixture into the folder, as if it had been fitted there."""
    own = open_own_splits(folder, "digits")
    made = _made(own, Network.load(folder / "network.onnx"))
    made.save(folder / "methods")
    for name in (MANIFEST, DIGEST):
        (folder / name).unlink()  # sealed anew
    methods = {**own.manifest.methods, Mixture.name: made.summary()}
    seal(folder, own.manifest.model_copy(update={"methods": methods}))
    return made


def _made(own: OwnSplits, network: Network) -> Mixture:
    """Give the first five classes two components, told apart by one pixel, the others one."""
    as_input, rows = own.manifest.preprocessing, own.splits.train
    inputs = np.stack([as_input.apply(own.dataset.image(int(row))) for row in rows])
    black, white = input_range(as_input)
    x = ((inputs - black[0]) / (white[0] - black[0])).reshape(len(rows), -1)
    logits, labels = network.run_many(inputs)["logits"], own.dataset.labels[rows]
    parts = [_of_class(x, logits, labels.astype(np.int64), c) for c in range(CLASSES)]
    owner = np.concatenate([[c] * len(part[0]) for c, part in enumerate(parts)])
    weights, intercepts, gates, bias = (
        np.concatenate([part[i] for part in parts]) for i in range(4)
    )
    fields: dict[str, object] = {
        "class_names": own.manifest.classes,
        "features": "pixels",
        "shape": np.array(inputs.shape[1:]),
        "black": black,
        "white": white,
        "cells": np.zeros(0, np.int64),
        "owner": owner,
        "weights": weights,
        "deviations": np.abs(weights) / 10,
        "certain": weights != 0,
        "selected": np.stack([part[4] for part in parts]),
        "intercepts": intercepts,
        "gate_reads": "features",
        "gate_weights": gates,
        "gate_bias": bias,
        "dominance": 0.8,
        "limit": LIMIT,
        **_shown(own, owner, labels),
        "nets": np.zeros(len(owner), np.int64),
        "shares": 1.0 / np.bincount(owner)[owner],
        "verdicts": ("",) * CLASSES,
        "validation_fidelity": 0.9,
        "preset": "preview",
        "settings": '{"contrast": true, "sweeps": 0}',
    }
    fields |= {name: np.ones(len(owner)) for name in ("s2", "l1", "l2")}
    fields |= {name: np.ones(CLASSES) for name in _PER_CLASS}
    return Mixture(**fields)  # type: ignore[arg-type]  # given by name


def _of_class(x: FloatArray, logits: FloatArray, labels: IntArray, c: int) -> tuple[AnyArray, ...]:
    variance = x[labels == c].var(axis=0)
    selected = np.zeros(x.shape[1], np.bool_)
    selected[np.argsort(-variance, kind="stable")[:CHOSEN]] = True
    y, divider = log_odds(logits, LIMIT)[:, c], int(variance.argmax())
    level = float(np.median(x[labels == c, divider]))
    above = x[:, divider] > level
    halves = (above, ~above) if c < DIVIDED else (np.ones(len(x), np.bool_),)
    weights, gates = np.zeros((len(halves), x.shape[1])), np.zeros((len(halves), x.shape[1]))
    intercepts, bias = np.zeros(len(halves)), np.zeros(len(halves))
    for k, half in enumerate(halves):
        fitted = Ridge(alpha=1.0).fit(x[half][:, selected].astype(np.float64), y[half])
        weights[k, selected], intercepts[k] = fitted.coef_, fitted.intercept_
    gates[0, divider], bias[0] = 40.0, -40.0 * level
    return weights, intercepts, gates, bias, selected


def _shown(own: OwnSplits, owner: IntArray, labels: IntArray) -> dict[str, object]:
    rows = [int(own.splits.train[np.flatnonzero(labels == c)[0]]) for c in range(CLASSES)]
    members = np.full((len(owner), 8), -1)
    members[:, 0] = owner
    return {
        "example_ids": tuple(f"digits:{row}" for row in rows),
        "example_rows": np.array(rows),
        "members": members,
    }


def with_superpixels(stored: Mixture) -> Mixture:
    """Read 2 x 2 pixels at once, each by the mean of its pixels' coefficients."""
    side = int(stored.shape[2])
    rows, columns = np.indices(tuple(stored.shape[1:]))
    cells = (rows // 2 * (side // 2) + columns // 2).ravel()
    counts = np.bincount(cells)

    def summed(numbers: DoubleArray) -> DoubleArray:
        return np.stack([np.bincount(cells, weights=row) for row in numbers])

    chosen = summed(stored.selected.astype(np.float64)) > 0
    return dataclasses.replace(
        stored,
        features="superpixels",
        cells=cells,
        weights=summed(stored.weights),
        deviations=summed(stored.deviations),
        certain=summed(stored.weights) != 0,
        selected=chosen,
        gate_weights=summed(stored.gate_weights) / counts,
    )
