"""Where boundary space lies, and which networks have none that could be explained."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from torch import nn

from reasoned.network.graph import find_logits, read_graph
from reasoned.network.upper_graph import MOST_UNITS, UpperGraph, read_upper
from tests.reasoned.network import upper_networks as above
from tests.reasoned.network.conftest import Exporter, MakeOnnx, node


def seen(path: Path, psi: str = "hidden") -> UpperGraph | str:
    """Look at what lies above a value of a graph."""
    graph = read_graph(path)
    return read_upper(graph, psi, find_logits(graph))


@pytest.mark.parametrize(
    ("factory", "value", "psi", "boundary"),
    [
        (above.two_dense, "hidden", (4, 2, 2), (6,)),  # the first dense layer's pre-activations
        (above.two_dense, "view", (16,), (6,)),
        (above.two_dense, "linear", (6,), (6,)),  # at its own pre-activations already
        (above.two_dense, "leaky_relu", (6,), (5,)),
        (above.widening, "hidden", (4, 2, 2), (4, 2, 2)),  # the layer above is larger
        (above.pooled, "hidden", (4, 4, 4), (4, 4, 4)),  # max-pooling is not affine
        (above.pooled, "max_pool2d", (4, 2, 2), (6,)),
        (above.averaged, "hidden", (4, 2, 2), (3,)),  # up to the logits: one piece
        (above.averaged, "view", (4,), (3,)),
    ],
)
def test_boundary_space_is_where_the_leading_affine_layers_end(
    exported: Exporter,
    factory: Callable[[], nn.Module],
    value: str,
    psi: tuple[int, ...],
    boundary: tuple[int, ...],
) -> None:
    found = seen(exported(factory).path, value)

    assert isinstance(found, UpperGraph)
    assert (found.shape(found.psi), found.shape(found.boundary)) == (psi, boundary)
    assert (found.boundary == found.logits) == (boundary == (3,))
    assert (found.obstacles, found.approximate) == ((), "")


def test_the_digits_of_a_model_are_read_behind_its_last_map(digits_folder: Path) -> None:
    graph = read_graph(digits_folder / "network.onnx")
    found = read_upper(graph, "max_pool2d_1", "logits")

    assert isinstance(found, UpperGraph)
    assert found.taps() == {"psi": "max_pool2d_1", "boundary": "linear"}
    assert found.shape("linear") == (128,)


def test_what_is_not_piecewise_linear_is_named(exported: Exporter) -> None:
    found = seen(exported(above.smooth).path)

    assert isinstance(found, UpperGraph)
    assert found.approximate == (
        "Gelu is not piecewise linear: a boundary is only tangent to the network's own there, and "
        "the claim holds for the counted training images alone"
    )
    assert found.in_psi().boundary == found.psi


def test_several_obstacles_are_all_named(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Sigmoid", "image", "gate"),
        node("Mul", "image gate", "gated"),
        node("Erf", "gated", "soft"),
        node("Erf", "soft", "softer"),
        node("GlobalAveragePool", "softer", "mean"),
        node("Flatten", "mean", "out"),
    ]
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", 1))]))
    found = read_upper(graph, "image", "out")

    assert isinstance(found, UpperGraph)
    assert found.approximate.startswith(
        "Sigmoid and Mul of two computed values and Erf are not piecewise linear: "
    )


def test_a_skip_around_the_map_is_refused_by_name(exported: Exporter) -> None:
    found = seen(exported(above.Skip).path)

    assert isinstance(found, str)
    assert "other than through the explained map, which the graph calls 'hidden'" in found
    assert "Add 'add_20' also reads 'relu'; choose a later map with --boundary-layer" in found


def test_a_map_that_leads_nowhere_is_refused(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("GlobalAveragePool", "image", "mean"),
        node("Flatten", "mean", "out"),
    ]
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", 1))]))
    found = read_upper(graph, "r", "out")

    assert isinstance(found, str)
    assert "which the graph calls 'r': they do not read it" in found


def test_a_copy_of_the_map_stands_for_it(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("Identity", "r", "copy"),
        node("GlobalAveragePool", "r", "mean"),
        node("Flatten", "mean", "out"),
    ]
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", 1)), ("copy", ("batch", 1, 4, 4))]))
    found = read_upper(graph, "copy", "out")

    assert isinstance(found, UpperGraph)
    assert (found.psi, found.boundary) == ("r", "out")


def test_a_boundary_space_that_is_too_large_is_refused(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("GlobalMaxPool", "r", "most"),
        node("Flatten", "most", "out"),
    ]
    shape = ("batch", 1, 129, 128)
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", 1))], shape))
    words = f"'r' has 16512 numbers, and at most {MOST_UNITS} can be explained"

    assert words in str(read_upper(graph, "r", "out"))


def test_open_sizes_are_refused(make_onnx: MakeOnnx) -> None:
    nodes = [node("Relu", "image", "r"), node("Flatten", "r", "out")]
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", None))], ("batch", 1, "r", 4)))

    assert "left open in the graph" in str(read_upper(graph, "r", "out"))


def test_a_value_that_is_read_twice_is_left_as_it_is(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("Flatten", "r", "flat"),
        node("MatMul", "flat w", "once"),
        node("Abs", "flat", "sizes"),
        node("MatMul", "sizes w", "twice"),
        node("Sub", "once twice", "out"),
    ]
    weights = {"w": np.ones((16, 3), np.float32)}
    graph = read_graph(make_onnx(nodes, weights, [("out", ("batch", 3))]))
    found = read_upper(graph, "r", "out")

    assert isinstance(found, UpperGraph)
    assert found.boundary == "flat"
