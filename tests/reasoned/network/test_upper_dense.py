"""Heads that are dense layers, read as such."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from explainers.arrays import AnyArray, DoubleArray
from explainers.representative.served.search.dense_tail import DenseTail
from reasoned.network.graph import find_logits, read_graph
from reasoned.network.upper_dense import dense_tail
from reasoned.network.upper_graph import UpperGraph, read_upper
from reasoned.network.upper_torch import torch_upper
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import Exporter, MakeOnnx, node
from tests.reasoned.network.test_upper_graph import seen

RNG = np.random.default_rng(3)


def matrix(rows: int, columns: int) -> AnyArray:
    return RNG.normal(size=(rows, columns)).astype(np.float32)


def read(path: Path, psi: str) -> UpperGraph:
    graph = read_graph(path)
    found = read_upper(graph, psi, find_logits(graph))
    assert isinstance(found, UpperGraph)
    return found


def shapes(tail: DenseTail) -> list[tuple[float, tuple[int, ...]]]:
    return [(s, w.shape) for s, w in zip(tail.slopes, tail.weights, strict=True)]


@pytest.mark.parametrize(
    ("factory", "value", "expected"),
    [
        (networks.two_dense, "hidden", [(0.2, (5, 6)), (0.0, (3, 5))]),
        (networks.widening, "hidden", [(1.0, (20, 16)), (0.0, (3, 20))]),
        (networks.pooled, "max_pool2d", [(0.0, (3, 6))]),
        (networks.averaged, "hidden", [(1.0, (3, 3))]),
    ],
)
def test_layers_and_slopes_are_those_of_the_network(
    exported: Exporter,
    factory: Callable[[], nn.Module],
    value: str,
    expected: list[tuple[float, tuple[int, ...]]],
) -> None:
    above = seen(exported(factory).path, value)
    assert isinstance(above, UpperGraph)
    tail = dense_tail(above)

    assert tail is not None
    np.testing.assert_allclose(tail.slopes, [slope for slope, _ in expected])
    assert [w.shape for w in tail.weights] == [shape for _, shape in expected]
    assert tail.single_piece == (above.boundary == above.logits)


def test_the_numbers_are_those_of_torch(exported: Exporter) -> None:
    made = exported(networks.two_dense)
    above = seen(made.path)
    assert isinstance(above, UpperGraph)
    tail = dense_tail(above)
    points = RNG.normal(size=(20, 6))
    with torch.no_grad():
        expected = made.network[4:](torch.from_numpy(points).float()).numpy()

    assert tail is not None
    np.testing.assert_allclose(tail.logits(points), expected, rtol=1e-5, atol=1e-5)


def test_dense_layers_and_torch_agree_to_the_last_digits(exported: Exporter) -> None:
    above = seen(exported(networks.two_dense).path)
    assert isinstance(above, UpperGraph)
    tail, upper = dense_tail(above), torch_upper(above)
    points: DoubleArray = RNG.normal(size=(40, 6))
    first, second = RNG.integers(0, 3, 40), RNG.integers(0, 3, 40)
    assert tail is not None
    normals, offsets = tail.local(points, first, second)
    by_torch = upper.local(points, first, second)

    np.testing.assert_allclose(tail.logits(points), upper.logits(points), rtol=0, atol=1e-12)
    np.testing.assert_allclose(normals, by_torch[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(offsets, by_torch[1], rtol=0, atol=1e-12)


def test_matmul_and_add_are_one_layer_and_copies_are_none(make_onnx: MakeOnnx) -> None:
    nodes = [
        node("Abs", "image", "psi"),
        node("Relu", "psi", "r"),
        node("Flatten", "r", "flat"),
        node("Dropout", "flat", "same"),
        node("MatMul", "same w1", "product"),
        node("Add", "product b1", "wide"),
        node("Identity", "wide", "copy"),
        node("LeakyRelu", "copy", "leaky", alpha=0.5),
        node("Gemm", "leaky w2 b2", "before", alpha=2.0),
        node("Gemm", "before w3 b3", "out", beta=3.0, transB=1),
    ]
    numbers = {"w1": matrix(16, 20), "b1": matrix(1, 20), "w2": matrix(20, 4)}
    numbers |= {"b2": matrix(1, 4), "w3": matrix(3, 4), "b3": matrix(1, 3)}
    above = read(make_onnx(nodes, numbers, [("out", ("batch", 3))]), "psi")
    tail = dense_tail(above)
    assert tail is not None
    point = RNG.normal(size=(7, 16))
    wide = np.maximum(point, 0) @ numbers["w1"] + numbers["b1"]
    leaky = np.where(wide > 0, wide, 0.5 * wide)
    before = 2 * leaky @ numbers["w2"] + numbers["b2"]
    expected = before @ numbers["w3"].T + 3 * numbers["b3"]

    assert shapes(tail) == [(0.0, (20, 16)), (0.5, (3, 20))]
    np.testing.assert_allclose(tail.logits(point), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "last",
    [
        [node("Relu", "scores", "out")],  # nothing affine after it
        [node("Clip", "scores", "out")],
        [node("Relu", "scores", "a"), node("LeakyRelu", "a", "b"), node("Gemm", "b w2", "out")],
        [
            node("Neg", "w2", "turned"),
            node("Relu", "scores", "a"),
            node("MatMul", "a turned", "out"),
        ],
        [node("Relu", "scores", "a"), node("Abs", "scores", "b"), node("Add", "a b", "out")],
        [node("Relu", "scores", "a"), node("Gemm", "w2 w2", "c"), node("Add", "c a", "out")],
    ],
)
def test_other_heads_are_left_to_torch(make_onnx: MakeOnnx, last: list[object]) -> None:
    nodes = [
        node("Abs", "image", "psi"),
        node("Flatten", "psi", "flat"),
        node("Gemm", "flat w1", "scores"),
        *last,
    ]
    numbers = {"w1": matrix(16, 3), "w2": matrix(3, 3)}
    above = read(make_onnx(nodes, numbers, [("out", ("batch", 3))]), "psi")

    assert above.boundary == "scores"
    assert dense_tail(above) is None
