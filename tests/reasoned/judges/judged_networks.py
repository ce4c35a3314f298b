"""Networks with taps: one worked by hand, and the digits' own with its map tapped."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from explainers.arrays import AnyArray, FloatArray
from reasoned.network.graph import read_graph
from reasoned.network.upper_graph import read_upper

CORNERS = np.zeros((2, 1, 2, 2), np.float32)
CORNERS[0, 0, 0, 0] = CORNERS[1, 0, 1, 1] = 1.0
SUMS = np.repeat(np.eye(2, dtype=np.float32), 4, axis=1)
HEAD = np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, -1.0]], np.float32)


def by_hand(target: Path, **changed: AnyArray) -> Path:
    """Write a network of three classes for images of 4 x 4.

    Channel 0 of psi (2 x 2) holds the first pixel of each quarter of the image, channel 1 its
    last; boundary space holds the sums of both. The logits are twice the first sum, three
    times the second, and minus both, each sum cut off at 0.
    """
    constants: dict[str, AnyArray] = {"corners": CORNERS, "sums": SUMS, "head": HEAD} | changed
    nodes = [
        helper.make_node(
            "Conv", ["image", "corners"], ["psi"], kernel_shape=[2, 2], strides=[2, 2]
        ),
        helper.make_node("Flatten", ["psi"], ["flat"], axis=1),
        helper.make_node("Gemm", ["flat", "sums"], ["boundary"], transB=1),
        helper.make_node("Relu", ["boundary"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "head"], ["logits"], transB=1),
    ]
    shapes = {"psi": (2, 2, 2), "boundary": (2,), "hidden": (2,), "logits": (3,)}
    graph = helper.make_graph(
        nodes,
        "by hand",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 4, 4])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])
            for name, shape in shapes.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    return _tapped(model, dict(zip(shapes, shapes, strict=True)), target)


def with_boundaries(source: Path, target: Path) -> Path:
    """Tap the last map of a fitted graph as psi, and its boundary space."""
    graph = read_graph(source)
    taps = graph.metadata()
    psi = taps["reasoned.convolution"]
    upper = read_upper(graph, psi, taps["reasoned.logits"])
    if isinstance(upper, str):
        raise TypeError(upper)
    return _tapped(onnx.load(source), {"psi": psi, "boundary": upper.boundary}, target)


def _tapped(model: Any, taps: dict[str, str], target: Path) -> Path:  # noqa: ANN401  onnx has no types
    for tap, value in taps.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = f"reasoned.{tap}", value
    onnx.save(model, target)
    return target


def image(first: float, last: float) -> FloatArray:
    """Give one image for the network by hand: its very first and its very last pixel."""
    found = np.zeros((1, 1, 4, 4), np.float32)
    found[0, 0, 0, 0], found[0, 0, 3, 3] = first, last
    return found
