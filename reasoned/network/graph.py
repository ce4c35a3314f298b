"""What an ONNX graph says about itself: its logits, affine head and last map."""

import dataclasses
import math
from pathlib import Path
from typing import Any, final

import numpy as np
import onnx
from onnx import numpy_helper, shape_inference

from explainers.arrays import AnyArray
from explainers.fitting_contract import AffineHead
from reasoned.errors import NetworkError

_PASS_THROUGH = {"Identity", "Dropout"}
_SCALES = {"Softmax", "LogSoftmax"}


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Graph:
    """A loaded ONNX model with its producers and shapes looked up.

    Attributes
    ----------
    model
        The model, with shapes inferred.
    producers
        For each value the node that makes it.
    shapes
        For each value its shape, unknown sizes as 0.
    constants
        Every initialiser and constant node, by name.

    """

    model: Any
    producers: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    constants: dict[str, AnyArray]

    @property
    def input_name(self) -> str:
        """The name of the one image input."""
        names = [v.name for v in self.model.graph.input if v.name not in self.constants]
        if len(names) != 1:
            raise NetworkError(f"the graph must have one input, the image, but has {names}")
        return str(names[0])

    def input_shape(self) -> tuple[int, ...]:
        """Give (batch, channels, rows, columns), with 0 where the graph leaves a size open."""
        return self.shapes[self.input_name]

    def metadata(self) -> dict[str, str]:
        """Give what the file says of itself, such as its taps."""
        return {str(entry.key): str(entry.value) for entry in self.model.metadata_props}

    def size(self, name: str) -> int:
        """Give how many numbers a value holds per image, or 0 where that is open."""
        return math.prod(self.shapes.get(name, (0, 0))[1:])


def read_graph(path: Path) -> Graph:
    """Load an ONNX file and look up its producers, shapes and constants.

    Raises
    ------
    NetworkError
        When the file is no valid ONNX model.

    """
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
        model = shape_inference.infer_shapes(model)
    except Exception as error:  # onnx and protobuf raise many unrelated classes
        raise NetworkError(f"{path} is not a valid ONNX model: {error}") from error
    graph = model.graph
    constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            constants[node.output[0]] = _constant(node)
    shapes = {
        value.name: tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
        for value in [*graph.input, *graph.output, *graph.value_info]
    }
    producers = {name: node for node in graph.node for name in node.output if name}
    return Graph(model, producers, shapes, constants)


def _constant(node: Any) -> AnyArray:  # noqa: ANN401  onnx has no types
    found = onnx.helper.get_attribute_value(node.attribute[0])
    tensor = node.attribute[0].name == "value"
    return np.asarray(numpy_helper.to_array(found) if tensor else found)


def find_logits(graph: Graph) -> str:
    """Give the value that holds the logits: the one output, or what its softmax reads.

    Raises
    ------
    NetworkError
        When several outputs could be meant.

    """
    names = [value.name for value in graph.model.graph.output]
    if "logits" in names:
        name = "logits"
    elif len(names) == 1:
        name = str(names[0])
    else:
        raise NetworkError(f"the graph must have one output, or one called logits, not {names}")
    name = _before(graph, name, _PASS_THROUGH)
    return _before(graph, _before(graph, name, _SCALES), _PASS_THROUGH)


def without_copies(graph: Graph, name: str) -> str:
    """Give what a value, such as a declared output, is a mere copy of."""
    return _before(graph, name, {"Identity"})


def _before(graph: Graph, name: str, kinds: set[str]) -> str:
    while name in graph.producers and graph.producers[name].op_type in kinds:
        name = str(graph.producers[name].input[0])
    return name


def find_head(graph: Graph, logits: str) -> tuple[AffineHead, str] | str:
    """Give the last affine layer and the value that it reads, or why there is none."""
    node = graph.producers.get(logits)
    if node is None:
        return "the logits are not computed by any node"
    bias: AnyArray | None = None
    if node.op_type == "Add":
        constant = [name for name in node.input if name in graph.constants]
        other = [name for name in node.input if name not in graph.constants]
        if len(constant) != 1 or len(other) != 1:
            return "the logits are a sum of two computed values"
        bias, node = graph.constants[constant[0]], graph.producers.get(other[0])
    if node is not None and node.op_type == "MatMul" and node.input[1] in graph.constants:
        return _matmul(graph, node, bias)
    if node is not None and node.op_type == "Gemm" and bias is None:
        return _gemm(graph, node)
    kind = "an unknown operator" if node is None else node.op_type
    return f"the logits come from {kind}, not from an affine layer with constant weights"


def _matmul(graph: Graph, node: Any, bias: AnyArray | None) -> tuple[AffineHead, str] | str:  # noqa: ANN401  onnx has no types
    matrix = graph.constants[node.input[1]]
    if matrix.ndim != 2:
        return f"the last matrix has {matrix.ndim} axes, not 2"
    weights = np.ascontiguousarray(matrix.T, dtype=np.float32)
    offset = np.zeros(len(weights)) if bias is None else np.broadcast_to(bias, (len(weights),))
    return AffineHead(weights, offset.astype(np.float32)), str(node.input[0])


def _gemm(graph: Graph, node: Any) -> tuple[AffineHead, str] | str:  # noqa: ANN401  onnx has no types
    settings = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if settings.get("transA") or node.input[1] not in graph.constants:
        return "the last Gemm has computed weights or a transposed input"
    matrix = graph.constants[node.input[1]] * settings.get("alpha", 1.0)
    weights = matrix if settings.get("transB") else matrix.T
    bias = np.zeros(len(weights))
    if len(node.input) > 2 and node.input[2]:
        if node.input[2] not in graph.constants:
            return "the last Gemm has a computed bias"
        bias = bias + graph.constants[node.input[2]] * settings.get("beta", 1.0)
    weights = np.ascontiguousarray(weights, dtype=np.float32)
    return AffineHead(weights, bias.astype(np.float32)), str(node.input[0])


def find_last_map(graph: Graph, logits: str) -> str | None:
    """Give the last value of shape (batch, channels, rows, columns) before the logits."""
    needed, waiting = set[str](), [logits]
    while waiting:
        name = waiting.pop()
        if name not in needed and name in graph.producers:
            needed.add(name)
            waiting += list(graph.producers[name].input)
    maps = [
        str(name)
        for node in graph.model.graph.node
        for name in node.output
        if name in needed and len(graph.shapes.get(name, ())) == 4
    ]
    wide = [n for n in maps if graph.shapes[n][2] * graph.shapes[n][3] != 1]
    convolved = any(node.op_type == "Conv" for node in graph.model.graph.node)
    return wide[-1] if convolved and wide else None
