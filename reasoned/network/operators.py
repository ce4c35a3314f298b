"""Which ONNX operators are affine, which piecewise linear, and which are neither."""

from collections.abc import Container
from typing import Any

# Affine in all their inputs together.
_JOINT = frozenset({"Add", "Concat", "Identity", "Neg", "Sub", "Sum"})
# Affine in the first input, where the others are constants.
_FIRST = frozenset(
    {
        "AveragePool",
        "BatchNormalization",
        "Conv",
        "Div",
        "Dropout",
        "Flatten",
        "Gather",
        "Gemm",
        "GlobalAveragePool",
        "Pad",
        "ReduceMean",
        "ReduceSum",
        "Reshape",
        "Slice",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
    }
)
# Affine where only one of the two inputs is computed.
_PRODUCTS = frozenset({"MatMul", "Mul"})
_PIECES_JOINT = frozenset({"Max", "Min"})
_PIECES_FIRST = frozenset(
    {"Abs", "Clip", "GlobalMaxPool", "LeakyRelu", "MaxPool", "PRelu", "ReduceMax", "Relu"}
)
PIECEWISE = _JOINT | _FIRST | _PRODUCTS | _PIECES_JOINT | _PIECES_FIRST


def data_inputs(node: Any) -> list[str]:  # noqa: ANN401  onnx has no types
    """Give the inputs that carry numbers, and not the shape of a result."""
    names = list(node.input[:1]) if node.op_type in ("Reshape", "Expand") else list(node.input)
    return [str(name) for name in names if name]


def is_affine(node: Any, computed: Container[str]) -> bool:  # noqa: ANN401  onnx has no types
    """Say whether a node is affine in what is computed from the image.

    Parameters
    ----------
    node
        Of the graph.
    computed
        The values that depend on the image; all others are constants.

    """
    names = data_inputs(node)
    places = [place for place, name in enumerate(names) if name in computed]
    if node.op_type in _FIRST:
        return places in ([0], [])
    return node.op_type in _JOINT or (node.op_type in _PRODUCTS and len(places) <= 1)


def obstacle(node: Any, computed: Container[str]) -> str:  # noqa: ANN401  onnx has no types
    """Say what keeps a node from being piecewise linear; nothing where nothing does."""
    places = [place for place, name in enumerate(data_inputs(node)) if name in computed]
    pieces = node.op_type in _PIECES_FIRST and places in ([0], [])
    if is_affine(node, computed) or pieces or node.op_type in _PIECES_JOINT:
        return ""
    if node.op_type in _PRODUCTS:
        return f"{node.op_type} of two computed values"
    if node.op_type in PIECEWISE:
        return f"{node.op_type} with computed settings"
    return str(node.op_type)
