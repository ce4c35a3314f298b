"""What lies between two values of a graph, and what goes around one."""

from pathlib import Path

import numpy as np
import pytest

from reasoned.network.graph import read_graph
from reasoned.network.subgraph import computed_values, detour, nodes_between
from tests.reasoned.network.conftest import MakeOnnx, node


@pytest.fixture
def skipping(make_onnx: MakeOnnx) -> Path:
    nodes = [
        node("Relu", "image", "low"),
        node("Shape", "low", "sizes"),
        node("Abs", "low", "high"),
        node("Reshape", "high sizes", "same"),
        node("Neg", "w", "turned"),
        node("Mul", "same turned", "scaled"),
        node("Add", "scaled low", "out"),
        node("Relu", "image", "unused"),
    ]
    return make_onnx(nodes, {"w": np.ones(4, np.float32)}, [("out", ("batch", 1, 4, 4))])


def test_the_image_is_in_what_is_computed_from_it_and_not_in_its_shape(skipping: Path) -> None:
    found = computed_values(read_graph(skipping))

    assert found == {"image", "low", "high", "same", "scaled", "out", "unused"}


def test_only_what_is_needed_lies_between(skipping: Path) -> None:
    graph = read_graph(skipping)
    kinds = [one.op_type for one in nodes_between(graph, "high", "scaled")]

    assert kinds == ["Reshape", "Neg", "Mul"]
    assert nodes_between(graph, "high", "high") == ()


def test_a_detour_is_named(skipping: Path) -> None:
    graph = read_graph(skipping)

    assert detour(graph, "high", "out") == "Add 'out' also reads 'low'"
    assert detour(graph, "low", "out") == ""
    assert detour(graph, "high", "scaled") == ""
    assert detour(graph, "unused", "out") == "they do not read it"
    assert detour(graph, "out", "out") == ""
