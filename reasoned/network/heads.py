"""Append heads to a tapped graph, all their numbers in one more output."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from explainers.heads import Head
from reasoned.errors import NetworkError
from reasoned.inference.session import HEADS, LAYERS, PREFIX

# Since opset 18 reductions take their axes as an input.
OLDEST_OPSET = 18
PIXELS = "pixels"
# The numbers of axes with which heads read a tap, as numpy does; others are flattened.
_RANKS = {"hidden": (2,), "boundary": (2,), PIXELS: (2,)} | dict.fromkeys(LAYERS, (2, 4))


def add_heads(path: Path, heads: list[Head]) -> None:
    """Append the heads to the graph in a file.

    Parameters
    ----------
    path
        A graph that `reasoned.network.tapping.tap` wrote; it is replaced.
    heads
        What to compute; a head that reads a tap which the graph lacks is left out.

    """
    model = onnx.load(path)
    taps = {p.key[len(PREFIX) :]: p.value for p in model.metadata_props}
    taps[PIXELS] = _image_input(model)
    usable = [head for head in heads if _reads(head) <= set(taps)]
    version = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    if not usable or version < OLDEST_OPSET:
        # The numbers are then computed in numpy: slower, the same.
        return
    parts = [part for head in usable for part in _append(model, head, taps)]
    model.graph.node.append(helper.make_node("Concat", parts, [HEADS], axis=1))
    total = sum(sum(head.sizes) for head in usable)
    shape = ["batch", total]
    model.graph.output.append(helper.make_tensor_value_info(HEADS, onnx.TensorProto.FLOAT, shape))
    layout = {head.name: sum(head.sizes) for head in usable}
    model.metadata_props.add(key=HEADS, value=json.dumps(layout))
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise NetworkError(f"the heads do not fit the graph: {error}") from error
    onnx.save(model, path)


def _reads(head: Head) -> set[str]:
    """Name the taps that a head reads."""
    made = {name for node in head.nodes for name in node.outputs}
    read = {name for node in head.nodes for name in node.inputs}
    return read - made - set(head.constants)


def _append(model: Any, head: Head, taps: dict[str, str]) -> list[str]:  # noqa: ANN401  onnx has no types
    """Append one head; give its results."""
    names = {tap: taps[tap] for tap in _reads(head)}
    prefix = f"{head.name}/"
    for tap in sorted(set(names) & set(_RANKS)):
        if _rank(model, names[tap]) not in _RANKS[tap]:
            flat = prefix + tap
            model.graph.node.append(helper.make_node("Flatten", [names[tap]], [flat], axis=1))
            names[tap] = flat
    for name, array in head.constants.items():
        stored = array if array.dtype == np.float32 else array.astype(np.int64)
        model.graph.initializer.append(numpy_helper.from_array(stored, prefix + name))
    for number, node in enumerate(head.nodes):
        model.graph.node.append(
            helper.make_node(
                node.operator,
                [names.get(name, prefix + name) for name in node.inputs],
                [prefix + name for name in node.outputs],
                name=f"{prefix}{number}",
                **node.attributes,
            )
        )
    return [prefix + name for name in head.results]


def _image_input(model: Any) -> str:  # noqa: ANN401  onnx has no types
    """Name the graph's input; old graphs list their weights there too."""
    stored = {one.name for one in model.graph.initializer}
    return str(next(one.name for one in model.graph.input if one.name not in stored))


def _rank(model: Any, value: str) -> int:  # noqa: ANN401  onnx has no types
    values = (*model.graph.input, *model.graph.output)
    found = next(one for one in values if one.name == value)
    return len(found.type.tensor_type.shape.dim)


def map_size(path: Path) -> int | None:
    """Give rows times columns of the tapped convolutional map, or None where there is none."""
    model = onnx.load(path)
    taps = {p.key: p.value for p in model.metadata_props}
    value = taps.get(f"{PREFIX}convolution")
    if value is None:
        return None
    found = next(output for output in model.graph.output if output.name == value)
    dims = found.type.tensor_type.shape.dim
    return int(dims[2].dim_value * dims[3].dim_value)
