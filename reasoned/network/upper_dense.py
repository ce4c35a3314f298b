"""The network above boundary space as dense layers, where it is nothing else."""

from typing import Any

import numpy as np
import onnx

from explainers.arrays import DoubleArray
from explainers.representative.served.search.dense_tail import DenseTail
from reasoned.network.graph import Graph
from reasoned.network.operators import data_inputs
from reasoned.network.subgraph import nodes_between
from reasoned.network.upper_graph import UpperGraph

Affine = tuple[DoubleArray, DoubleArray]
_COPIES = frozenset({"Identity", "Dropout"})
_FLATTENED = frozenset({"Flatten", "Reshape", "Squeeze"})


def dense_tail(above: UpperGraph) -> DenseTail | None:
    """Read the layers from boundary space to the logits.

    Returns
    -------
    DenseTail or None
        None where there is more than affine layers with ReLU or leaky ReLU in between.

    """
    if above.boundary == above.logits:
        classes = above.graph.size(above.logits)
        return DenseTail((np.eye(classes),), (np.zeros(classes),), (1.0,))
    steps = _steps(above)
    return None if steps is None else _as_tail(steps)


def _steps(above: UpperGraph) -> list[Affine | float] | None:
    """Give affine maps and, for activations, their slopes; or None."""
    graph, value, found = above.graph, above.boundary, list[Affine | float]()
    for node in nodes_between(graph, value, above.logits):
        if list(data_inputs(node))[:1] != [value]:
            return None
        step = _step(node, graph)
        if step is None:
            return None
        found += step
        value = str(node.output[0])
    return found


def _step(node: Any, graph: Graph) -> list[Affine | float] | None:  # noqa: ANN401  onnx has no types
    settings = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    flat = len(graph.shapes.get(node.output[0], ())) == 2
    if node.op_type in _COPIES or (node.op_type in _FLATTENED and flat):
        return []
    if node.op_type == "Relu":
        return [0.0]
    if node.op_type == "LeakyRelu":
        return [float(settings.get("alpha", 0.01))]
    affine = _affine(node, settings, graph) if flat else None
    return None if affine is None else [affine]


def _affine(node: Any, settings: dict[str, Any], graph: Graph) -> Affine | None:  # noqa: ANN401  onnx has no types
    constants = [graph.constants.get(name) for name in node.input[1:] if name]
    size = graph.size(node.output[0])
    if not constants or any(c is None for c in constants):
        return None
    first, *rest = (np.asarray(c, dtype=np.float64) for c in constants)
    if node.op_type == "Add" and first.size in (1, size):
        return np.eye(size), np.broadcast_to(first.reshape(-1), (size,)).copy()
    if node.op_type == "MatMul" and first.ndim == 2:
        return np.ascontiguousarray(first.T), np.zeros(size)
    if node.op_type != "Gemm" or settings.get("transA"):
        return None
    weights = settings.get("alpha", 1.0) * (first if settings.get("transB") else first.T)
    bias = settings.get("beta", 1.0) * rest[0].reshape(-1) if rest else np.zeros(1)
    return np.ascontiguousarray(weights), np.broadcast_to(bias, (size,)).copy()


def _as_tail(steps: list[Affine | float]) -> DenseTail | None:
    """Merge affine maps that follow each other; None for two activations in a row."""
    slopes, maps = list[float](), list[Affine]()
    for step in steps:
        if isinstance(step, float):
            if len(slopes) > len(maps):
                return None
            slopes.append(step)
        elif len(slopes) > len(maps):
            maps.append(step)
        elif maps:
            weights, bias = step
            maps[-1] = (weights @ maps[-1][0], weights @ maps[-1][1] + bias)
        else:
            slopes.append(1.0)
            maps.append(step)
    if not maps or len(slopes) > len(maps):
        return None
    return DenseTail(tuple(m[0] for m in maps), tuple(m[1] for m in maps), tuple(slopes))
