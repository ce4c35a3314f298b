"""Planted data, and a small network on the digits, for the tests of the reconstruction."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, IntArray

TRAIN_DIGITS = 1_198


@dataclasses.dataclass(frozen=True, eq=False)
class Planted:
    """Three hidden variables, a block of units for each, and a class of the first two."""

    train: ActivationTable
    test: ActivationTable
    block_of_unit: IntArray
    train_states: IntArray
    test_states: IntArray


def _table(rows: AnyArray, labels: AnyArray, hidden: AnyArray, pixels: AnyArray) -> ActivationTable:
    classes = int(labels.max()) + 1
    return ActivationTable(
        rows=rows.astype(np.int64),
        labels=labels.astype(np.int64),
        predicted=labels.astype(np.int64),
        logits=np.eye(classes, dtype=np.float32)[labels],
        hidden=hidden.astype(np.float32),
        pixels=pixels.astype(np.float32),
    )


def plant(seed: int, noise: float) -> Planted:
    rng = np.random.default_rng(seed)
    states = rng.integers(0, 4, size=(3_000, 3))
    blocks = np.repeat([0, 1, 2], [12, 8, 16])
    prototypes = rng.normal(size=(4, len(blocks)))
    columns = rng.permutation(len(blocks))
    hidden = prototypes[states[:, blocks], np.arange(len(blocks))]
    hidden = (hidden + noise * rng.normal(size=hidden.shape))[:, columns]
    labels = np.where(states[:, 0] == 0, 0, np.where(states[:, 1] < 2, 1, 2))
    pixels = np.concatenate([np.eye(4)[states[:, v]] for v in range(3)], axis=1)
    pixels = (pixels + 0.2 * rng.normal(size=pixels.shape)).reshape(-1, 1, 3, 4)
    rows = np.arange(3_000)
    tables = [
        _table(rows[part], labels[part], hidden[part], pixels[part])
        for part in (slice(2_000), slice(2_000, None))
    ]
    return Planted(tables[0], tables[1], blocks[columns], states[:2_000], states[2_000:])


@pytest.fixture(scope="session")
def planting() -> Callable[[int, float], Planted]:
    return plant


@pytest.fixture(scope="session")
def planted() -> Planted:
    return plant(0, 0.3)


@dataclasses.dataclass(frozen=True, eq=False)
class Digits:
    """The tables of a trained network and of an untrained copy."""

    train: ActivationTable
    test: ActivationTable
    untrained_train: ActivationTable
    untrained_test: ActivationTable


def _forward(
    weights: list[AnyArray], biases: list[AnyArray], images: AnyArray
) -> tuple[AnyArray, AnyArray]:
    hidden = images
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        hidden = np.maximum(hidden @ weight + bias, 0)
    return hidden, hidden @ weights[-1] + biases[-1]


def _digit_table(
    weights: list[AnyArray], biases: list[AnyArray], rows: AnyArray
) -> ActivationTable:
    bunch = load_digits()
    hidden, logits = _forward(weights, biases, bunch.data[rows] / 16)
    return ActivationTable(
        rows=rows.astype(np.int64),
        labels=bunch.target[rows].astype(np.int64),
        predicted=logits.argmax(axis=1).astype(np.int64),
        logits=logits.astype(np.float32),
        hidden=hidden.astype(np.float32),
        pixels=(bunch.images[rows][:, None] / 16).astype(np.float32),
    )


@pytest.fixture(scope="session")
def digits() -> Digits:
    bunch = load_digits()
    rng = np.random.default_rng(0)
    order = rng.permutation(len(bunch.data))
    parts = order[:TRAIN_DIGITS], order[TRAIN_DIGITS:]
    network = MLPClassifier((128, 64), random_state=0, max_iter=200)
    network.fit(bunch.data[parts[0]] / 16, bunch.target[parts[0]])
    trained = list(network.coefs_), list(network.intercepts_)
    fresh = (
        [rng.normal(size=w.shape) * np.sqrt(2 / len(w)) for w in trained[0]],
        [np.zeros_like(b) for b in trained[1]],
    )
    tables = [_digit_table(*net, rows) for net in (trained, fresh) for rows in parts]
    return Digits(*tables)
