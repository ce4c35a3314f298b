"""Served mixtures that are small enough to be worked out by hand."""

import dataclasses
from typing import Any

import numpy as np

from explainers.activations import Activations
from explainers.mixture.served import Mixture

CLASSES = ("boot", "coat")


def two_fields() -> dict[str, Any]:
    """Two pixels; boot has two components, of which the gate takes one by the first pixel.

    The boot's components are 4 x_0 - x_1 + 1 and -2 x_0 + 3 x_1, the coat's is x_0 + x_1 - 1.
    The gate's scores of the boot's components are 20 x_0 - 10 and 0: 0.99995 against 0.00005
    at x_0 = 1.
    """
    return {
        "class_names": CLASSES,
        "features": "pixels",
        "shape": np.array([1, 1, 2]),
        "black": np.zeros(1, np.float32),
        "white": np.ones(1, np.float32),
        "cells": np.zeros(0, np.int64),
        "owner": np.array([0, 0, 1]),
        "weights": np.array([[4.0, -1.0], [-2.0, 3.0], [1.0, 1.0]]),
        "deviations": np.array([[1.0, 1.0], [0.5, 0.5], [0.1, 0.1]]),
        "certain": np.array([[True, False], [True, True], [True, True]]),
        "selected": np.ones((2, 2), np.bool_),
        "intercepts": np.array([1.0, 0.0, -1.0]),
        "s2": np.array([0.5, 1.5, 2.0]),
        "shares": np.array([0.75, 0.25, 1.0]),
        "l1": np.array([2.0, 0.5, 1.0]),
        "l2": np.array([8.0, 1.0, 1.0]),
        "nets": np.array([0, 1, 0]),
        "gate_reads": "features",
        "gate_weights": np.array([[20.0, 0.0], [0.0, 0.0], [0.0, 0.0]]),
        "gate_bias": np.array([-10.0, 0.0, 0.0]),
        "dominance": 0.8,
        "limit": 1000.0,
        "example_ids": ("a", "b", "c"),
        "example_rows": np.array([4, 6, 9]),
        "members": np.array([[0, 2] + [-1] * 6, [1] + [-1] * 7, [-1] * 8]),
        "verdicts": ("", ""),
        "assigned_rmse": np.array([0.5, 0.25]),
        "predictive_rmse": np.array([1.5, 0.25]),
        "gate_accuracy": np.array([0.9, 1.0]),
        "ridge_rmse": np.array([2.0, 1.0]),
        "validation_fidelity": 0.95,
        "r_hat": np.array([1.01, 1.25]),
        "preset": "default",
        "settings": "{}",
    }


def two(**changed: Any) -> Mixture:  # noqa: ANN401  any field may change
    """Give the same as the served class, with some fields changed."""
    return Mixture(**two_fields() | changed)


def image(*pixels: float, logits: tuple[float, ...] = (2.0, 0.0)) -> Activations:
    """Give an image of one row, with two logits and a hidden layer of three units."""
    return Activations(
        logits=np.array(logits, np.float32),
        hidden=np.array([1.0, 2.0, 3.0], np.float32),
        predicted=int(np.argmax(logits)),
        pixels=np.array([[pixels]], np.float32),
    )


def drawn(
    rng: np.random.Generator,
    *,
    features: str = "pixels",
    gate_reads: str = "features",
    shape: tuple[int, int, int] = (1, 6, 5),
    counts: tuple[int, ...] = (2, 3, 1, 2),
    units: int = 7,
    chosen: int = 12,
    scale: float = 1.0,
) -> Mixture:
    """Draw a mixture at random, with black and white off 0 and 1."""
    values, classes = int(np.prod(shape)), len(counts)
    cells = np.arange(values) % 9 if features == "superpixels" else np.zeros(0, np.int64)
    width = {"pixels": values, "superpixels": 9, "hidden": units}[features]
    read = width if gate_reads == "features" else units
    owner = np.repeat(np.arange(classes), counts)
    components = len(owner)
    selected = np.zeros((classes, width), np.bool_)
    for row in selected:
        row[rng.choice(width, min(chosen, width), replace=False)] = True
    weights = np.where(selected[owner], rng.normal(size=(components, width)), 0.0)
    deviations = np.where(selected[owner], rng.random((components, width)), 0.0)
    spent = {
        "class_names": tuple(f"class {number}" for number in range(classes)),
        "features": features,
        "shape": np.array(shape),
        "black": np.linspace(-0.5, -0.25, shape[0]).astype(np.float32),
        "white": np.linspace(2.0, 1.0, shape[0]).astype(np.float32),
        "cells": cells,
        "owner": owner,
        "weights": weights,
        "deviations": deviations,
        "certain": np.abs(weights) > 1.96 * deviations,
        "selected": selected,
        "intercepts": rng.normal(size=components),
        "s2": rng.random(components),
        "shares": 1.0 / np.array(counts)[owner],
        "l1": rng.random(components),
        "l2": rng.random(components),
        "nets": np.zeros(components, np.int64),
        "gate_reads": gate_reads,
        "gate_weights": scale * rng.normal(size=(components, read)),
        "gate_bias": rng.normal(size=components),
        "members": np.full((components, 8), -1),
        "verdicts": ("",) * classes,
    }
    spent |= {
        name: np.ones(classes)
        for name in ("assigned_rmse", "predictive_rmse", "gate_accuracy", "ridge_rmse", "r_hat")
    }
    return two(**spent)


def drawn_image(rng: np.random.Generator, stored: Mixture, units: int = 7) -> Activations:
    """Draw an image for a mixture that was drawn."""
    logits = rng.normal(size=len(stored.class_names)).astype(np.float32)
    return Activations(
        logits=logits,
        hidden=rng.normal(size=units).astype(np.float32),
        predicted=int(logits.argmax()),
        pixels=rng.normal(size=tuple(stored.shape)).astype(np.float32),
    )


def permuted(stored: Mixture, order: list[int]) -> Mixture:
    """Put the components in another order, each still with its class."""
    names = (
        *("weights", "deviations", "certain", "intercepts", "s2", "shares", "l1", "l2", "nets"),
        *("gate_weights", "gate_bias", "members"),
    )
    return dataclasses.replace(stored, **{name: getattr(stored, name)[order] for name in names})
