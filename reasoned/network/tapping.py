"""Declare the taps of a graph as outputs, in a file of their own."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, final

import onnx

from explainers.fitting_contract import AffineHead
from reasoned.errors import NetworkError
from reasoned.inference.session import PREFIX
from reasoned.network.graph import Graph, find_head, find_last_map, find_logits, read_graph

MOST_UNITS = 16_384


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TappedGraph:
    """What was tapped.

    Attributes
    ----------
    shape
        (channels, rows, columns) of the input.
    layer
        The explained layer, as its user calls it.
    units
        Its size, flattened.
    classes
        How many logits there are.
    head
        The last affine layer, or None; `head_reason` then says why.

    """

    shape: tuple[int, int, int]
    layer: str
    units: int
    classes: int
    head: AffineHead | None
    head_reason: str


def tap(
    source: Path,
    layer: str,
    value: str | None,
    target: Path,
    more: Mapping[str, str] | None = None,
) -> TappedGraph:
    """Write `source` to `target` with logits, hidden layer, last map and head input declared.

    Parameters
    ----------
    source
        An ONNX file.
    layer
        What the user calls the explained layer.
    value
        The graph value that holds it, or None to look `layer` up.
    target
        Where the tapped graph goes.
    more
        Further taps, such as ``psi`` and ``intermediate``, with the values that hold them.

    Raises
    ------
    NetworkError
        When the layer is unknown or too large, or the input is not an image.

    """
    graph = read_graph(source)
    shape = image_shape(graph)
    hidden = value or layer_value(graph, layer)
    units = graph.size(hidden)
    if not 0 < units <= MOST_UNITS:
        raise NetworkError(
            f"layer {layer!r} has {units or 'an unknown number of'} units; at most {MOST_UNITS} "
            "can be explained: choose a later layer (`reasoned layers` lists them)"
        )
    logits = find_logits(graph)
    classes = _classes(graph, logits)
    head = find_head(graph, logits)
    reason = head if isinstance(head, str) else ""
    taps = {"logits": logits, "hidden": hidden}
    last_map = find_last_map(graph, logits)
    if last_map is not None:
        taps["convolution"] = last_map
    if not isinstance(head, str):
        taps["affine_input"] = head[1]
    _write(graph, taps | dict(more or {}), target)
    return TappedGraph(
        shape=shape,
        layer=layer,
        units=units,
        classes=classes,
        head=None if isinstance(head, str) else head[0],
        head_reason=reason,
    )


def _classes(graph: Graph, logits: str) -> int:
    shape = graph.shapes.get(logits, ())
    if len(shape) != 2 or not shape[1]:
        raise NetworkError(
            f"the logits must have shape (images, classes), not {shape}, where 0 is an open size"
        )
    return shape[1]


def layer_value(graph: Graph, layer: str, option: str = "--layer") -> str:
    """Give the value that a node or value name stands for."""
    for node in graph.model.graph.node:
        if layer == node.name or layer in node.output:
            return str(node.output[0] if layer == node.name else layer)
    names = ", ".join(row[0] for row in graph_layers(graph))
    raise NetworkError(f"{option} must be one of the graph's layers, not {layer!r}: {names}")


def graph_layers(graph: Graph) -> list[tuple[str, str, tuple[int, ...]]]:
    """List (name, operator, shape without the batch) of every value that could be explained."""
    found = []
    for node in graph.model.graph.node:
        shape = graph.shapes.get(node.output[0], ())
        if len(shape) >= 2 and all(shape[1:]) and node.op_type != "Constant":
            found.append((node.name or node.output[0], node.op_type, shape[1:]))
    return found


def image_shape(graph: Graph) -> tuple[int, int, int]:
    """Give (channels, rows, columns), or raise `NetworkError` where the input is no image."""
    dims = graph.input_shape()
    if len(dims) != 4 or not all(dims[1:]) or dims[1] not in (1, 3):
        raise NetworkError(
            "the graph's input must be (batch, channels, rows, columns) with 1 or 3 channels and "
            f"fixed rows and columns, not {dims}: images are passed channels first"
        )
    if dims[0] > 1:
        raise NetworkError(
            f"the graph takes {dims[0]} images at a time; re-export it with an open batch, or a "
            "batch of 1"
        )
    kind = next(v for v in graph.model.graph.input if v.name == graph.input_name)
    if kind.type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        raise NetworkError("the graph's input must be float32; cast inside the graph or re-export")
    return dims[1], dims[2], dims[3]


def _write(graph: Graph, taps: dict[str, str], target: Path) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(graph.model)
    wanted = list(dict.fromkeys(taps.values()))
    known: dict[str, Any] = {
        v.name: v for v in [*model.graph.output, *model.graph.value_info, *model.graph.input]
    }
    outputs = [
        known.get(name) or onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        for name in wanted
    ]
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    _drop_unused(model)
    del model.metadata_props[:]
    for name, value in sorted(taps.items()):
        model.metadata_props.add(key=PREFIX + name, value=value)
    onnx.save(model, target)


def _drop_unused(model: Any) -> None:  # noqa: ANN401  onnx has no types
    """Drop what only the old outputs needed, such as a softmax."""
    needed = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    del model.graph.node[:]
    model.graph.node.extend(reversed(kept))
