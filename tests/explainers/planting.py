"""Data with planted structure: what a trained, and what an untrained network would see."""

import dataclasses
from collections.abc import Callable
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, FloatArray, IntArray
from explainers.fitting_contract import AffineHead, FittingData, Lower
from explainers.representative.served.search import DenseTail

# Names that break careless formatting, JSON and ASCII.
CLASSES = ("anorak 100%", 'boot "high"', "çizme", "a\\b %s")
UNITS = 16
MODES = 2
TRAIN, VALIDATION = 800, 400
# What is set so that the contract is not waited for; elsewhere the defaults are.
QUICK: dict[str, dict[str, str]] = {"mixture": {"preset": "preview"}}
SLOPE = 0.5  # of the activation between the explained layer and the head, below zero


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Planted:
    """The splits of a network that disentangles its input, and of an untrained copy.

    Attributes
    ----------
    data
        Units hold a prototype per class and mode, and noise.
    untrained
        The same images and classes, but the units are a random layer's.
    test
        Further images, with the units of `data`.
    untrained_test
        The same, with the units of `untrained`.

    """

    data: FittingData
    untrained: FittingData
    test: ActivationTable
    untrained_test: ActivationTable


def example_id(row: int) -> str:
    return f"planted-{row}"


def plant(seed: int, *, train: int = TRAIN, noise: float = 0.2) -> Planted:
    """Hide the class in the exclusive or of two pairs of pixels, where clusters do not see it."""
    rng = np.random.default_rng(seed)
    images = train + 2 * VALIDATION
    signs = rng.choice([-1.0, 1.0], size=(images, 64))
    xor = (signs[:, [0, 2]] * signs[:, [1, 3]] < 0).astype(np.int64)  # (images, 2)
    labels, modes = 2 * xor[:, 0] + xor[:, 1], (signs[:, 4] > 0).astype(np.int64)
    prototypes = 2.0 * rng.random((len(CLASSES), MODES, UNITS))
    hidden = prototypes[labels, modes] + noise * rng.normal(size=(images, UNITS))
    fresh = np.maximum(signs @ rng.normal(size=(64, UNITS)) / 8.0, 0.0)
    head = _head(prototypes)
    convolution = np.maximum(rng.normal(size=(images, 3, 4, 4)) + modes[:, None, None, None], 0)
    whole = _table(labels, hidden, head, signs.reshape(images, 1, 8, 8), convolution)
    units = fresh.astype(np.float32)
    blank = dataclasses.replace(whole, hidden=units, intermediate=units)
    cuts = (slice(0, train), slice(train, train + VALIDATION), slice(train + VALIDATION, None))
    parts = [[_cut(table, cut) for cut in cuts] for table in (whole, blank)]
    return Planted(
        data=_fitting_data(parts[0], head),
        untrained=_fitting_data(parts[1], head),
        test=parts[0][2],
        untrained_test=parts[1][2],
    )


def quick(data: FittingData, name: str) -> FittingData:
    return dataclasses.replace(data, options=QUICK.get(name, {}))


def relabelled(table: ActivationTable, predicted: IntArray) -> ActivationTable:
    return dataclasses.replace(table, predicted=predicted)


def _head(prototypes: AnyArray) -> AffineHead:
    """An affine layer that gives every prototype its class, by least squares."""
    classes, modes, units = prototypes.shape
    rows = np.column_stack([prototypes.reshape(-1, units), np.ones(classes * modes)])
    wanted = 5.0 * np.repeat(np.eye(classes), modes, axis=0)
    found = np.linalg.lstsq(rows, wanted, rcond=None)[0].astype(np.float32)
    return AffineHead(weights=np.ascontiguousarray(found[:-1].T), bias=found[-1].copy())


def _table(
    labels: IntArray, hidden: AnyArray, head: AffineHead, pixels: AnyArray, convolution: AnyArray
) -> ActivationTable:
    units: FloatArray = hidden.astype(np.float32)
    active: FloatArray = np.where(units > 0, units, np.float32(SLOPE) * units)
    logits: FloatArray = active @ head.weights.T + head.bias
    return ActivationTable(
        rows=np.arange(len(labels), dtype=np.int64),
        labels=labels,
        predicted=logits.argmax(axis=1).astype(np.int64),
        logits=logits,
        hidden=units,
        pixels=pixels.astype(np.float32),
        convolution=convolution.astype(np.float32),
        affine_input=active,
        psi=convolution.astype(np.float32),
        boundary=units,
        intermediate=units,
    )


def _cut(table: ActivationTable, cut: slice) -> ActivationTable:
    held = {field.name: getattr(table, field.name) for field in dataclasses.fields(table)}
    parts = {name: array[cut] for name, array in held.items() if array is not None}
    return dataclasses.replace(table, **parts)


def _fitting_data(parts: list[ActivationTable], head: AffineHead) -> FittingData:
    ids: Callable[[int], str] = example_id
    return FittingData(
        train=parts[0],
        validation=parts[1],
        classes=CLASSES,
        example_ids=ids,
        head=head,
        head_reason="",
        upper=DenseTail(
            weights=(head.weights.astype(np.float64),),
            biases=(head.bias.astype(np.float64),),
            slopes=(SLOPE,),
        ),
        channel_map=np.random.default_rng(0).normal(size=(UNITS, 3)).astype(np.float32),
        input_range=np.array([[-1.0], [1.0]], np.float32),
        lower=Lower(("hidden",), None, "planted data has no network below"),
    )
