"""From what was trained to the arrays that are served."""

import dataclasses
import json
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.architecture import plan_psi
from explainers.attributes.fitting.interpreting import Trained
from explainers.attributes.fitting.pictures import Pictures
from explainers.fitting_contract import FittingData

MOST_DECODED: Final = 2_000_000  # numbers: 8 MB


def stored_psi(trained: Trained) -> dict[str, Any]:
    """Give the fields of the served class that hold Psi and the head."""
    psi, made = trained.interpreter.psi, trained.architecture
    plan = plan_psi(trained.shapes, made)
    names = ("first", "second")
    found: dict[str, Any] = {
        "shapes": np.array(trained.shapes, dtype=np.int64),
        "pool": made.pool,
        "strides": plan.strides,
        "side": plan.side,
        "convolved": plan.shape[1:],
        "inner_slope": made.inner_slope,
        "outer_slope": made.outer_slope,
        "attribute_weights": _array(psi.attributes.weight),
        "attribute_bias": _array(psi.attributes.bias),
        "class_weights": _array(trained.interpreter.class_weights),
        "class_bias": _array(trained.interpreter.head.bias),
        **_nothing("second"),
        **_nothing("joining"),
    }
    for name, layer in zip(names, psi.convolutions, strict=False):
        found |= _convolution(name, layer)
    return found if psi.joining is None else found | _convolution("joining", psi.joining)


def _convolution(name: str, layer: nn.Module) -> dict[str, FloatArray]:
    return {
        f"{name}_weights": _array(layer.get_parameter("weight")),
        f"{name}_bias": _array(layer.get_parameter("bias")),
    }


def _nothing(name: str) -> dict[str, FloatArray]:
    empty = np.zeros((0, 0, 0, 0), dtype=np.float32)
    return {f"{name}_weights": empty, f"{name}_bias": np.zeros(0, dtype=np.float32)}


def _array(parameter: torch.Tensor) -> FloatArray:
    return np.ascontiguousarray(parameter.detach().numpy(), dtype=np.float32)


def stored_decoder(trained: Trained) -> dict[str, Any]:
    """Give the decoder end to end; its settings alone where it is too large to be stored."""
    parts = [_array(p).ravel() for p in trained.interpreter.decoder.parameters()]
    whole = np.concatenate(parts)
    kept = whole if len(whole) <= MOST_DECODED else whole[:0].copy()
    return {
        "decoder_settings": json.dumps(dataclasses.asdict(trained.architecture), sort_keys=True),
        "decoder_numbers": len(kept),
        "decoder_parameters": kept,
    }


def stored_examples(data: FittingData, classes: IntArray, pictures: Pictures) -> dict[str, Any]:
    """Give the shown training images, and the samples as positions among them."""
    shown = np.unique(np.concatenate([pictures.samples.ravel(), pictures.local_samples]))
    shown = shown[shown >= 0]
    rows = data.train.rows[shown]
    return {
        "example_ids": tuple(data.example_ids(int(row)) for row in rows),
        "example_rows": rows.astype(np.int64),
        "example_predicted": classes[shown].astype(np.int64),
        "samples": _positions(shown, pictures.samples),
        "local_samples": _positions(shown, pictures.local_samples),
        "sample_pictures": pictures.sample_pictures,
        "random_pictures": pictures.random_pictures,
        "released_pictures": pictures.released_pictures,
        "released_ranges": pictures.released_ranges,
        "local_pictures": pictures.local_pictures,
        "pictures_reason": pictures.reason,
    }


def _positions(shown: IntArray, chosen: IntArray) -> IntArray:
    found: IntArray = np.searchsorted(shown, chosen).astype(np.int64)
    return np.where(chosen >= 0, found, -1)
