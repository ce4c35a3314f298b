"""What an ONNX graph says about itself."""

from pathlib import Path

import numpy as np
import pytest
from onnx import helper, numpy_helper

from explainers.arrays import AnyArray
from explainers.fitting_contract import AffineHead
from reasoned.errors import NetworkError
from reasoned.network.graph import find_head, find_last_map, find_logits, read_graph
from tests.reasoned.network.conftest import MakeOnnx, node

Affine = tuple[AnyArray, AnyArray]
OUT = [("out", ("batch", 3))]


def head_of(path: Path) -> tuple[AffineHead, str] | str:
    graph = read_graph(path)
    return find_head(graph, find_logits(graph))


def test_gemm_and_matmul_heads_are_the_same_layer(make_onnx: MakeOnnx, affine: Affine) -> None:
    weights, bias = affine
    flat = node("Flatten", "image", "flat")
    spelled = {
        "gemm": ([node("Gemm", "flat w b", "out")], weights, bias),
        "transposed": ([node("Gemm", "flat w b", "out", transB=1)], weights.T.copy(), bias),
        "scaled": ([node("Gemm", "flat w b", "out", alpha=2.0, beta=4.0)], weights / 2, bias / 4),
        "sum": ([node("MatMul", "flat w", "m"), node("Add", "m b", "out")], weights, bias),
        "turned": ([node("MatMul", "flat w", "m"), node("Add", "b m", "out")], weights, bias),
    }
    for nodes, stored, offset in spelled.values():
        found = head_of(make_onnx([flat, *nodes], {"w": stored, "b": offset}, OUT))
        assert not isinstance(found, str)
        np.testing.assert_allclose(found[0].weights, weights.T, rtol=1e-6)
        np.testing.assert_allclose(found[0].bias, bias, rtol=1e-6)
        assert found[1] == "flat"


def test_a_head_without_bias_has_zeros(make_onnx: MakeOnnx, affine: Affine) -> None:
    flat, weights = node("Flatten", "image", "flat"), {"w": affine[0]}
    for last in (node("Gemm", "flat w", "out"), node("MatMul", "flat w", "out")):
        found = head_of(make_onnx([flat, last], weights, OUT))
        assert not isinstance(found, str)
        np.testing.assert_array_equal(found[0].bias, np.zeros(3, np.float32))


def test_why_there_is_no_head_is_said(make_onnx: MakeOnnx, affine: Affine) -> None:
    flat = node("Flatten", "image", "flat")
    constants = {"w": affine[0], "b": affine[1]}
    cases = {
        "come from Relu, not from an affine layer with constant weights": [
            node("Gemm", "flat w b", "g"),
            node("Relu", "g", "out"),
        ],
        "a sum of two computed values": [
            node("MatMul", "flat w", "m"),
            node("MatMul", "flat w", "n"),
            node("Add", "m n", "out"),
        ],
        "the last Gemm has computed weights or a transposed input": [
            node("Identity", "w", "v"),
            node("Gemm", "flat v b", "out"),
        ],
        "the last Gemm has a computed bias": [
            node("Identity", "b", "c"),
            node("Gemm", "flat w c", "out"),
        ],
    }
    for reason, nodes in cases.items():
        found = head_of(make_onnx([flat, *nodes], constants, OUT))
        assert isinstance(found, str)
        assert reason in found


@pytest.mark.parametrize("last", ["Softmax", "LogSoftmax", "Identity"])
def test_logits_lie_before_a_softmax(make_onnx: MakeOnnx, affine: Affine, last: str) -> None:
    nodes = [node("Flatten", "image", "flat"), node("Gemm", "flat w b", "scores")]
    nodes += [node("Identity", "scores", "same"), node(last, "same", "out")]
    graph = read_graph(make_onnx(nodes, {"w": affine[0], "b": affine[1]}, OUT))

    assert find_logits(graph) == "scores"


def test_of_several_outputs_one_must_be_called_logits(make_onnx: MakeOnnx, affine: Affine) -> None:
    constants = {"w": affine[0], "b": affine[1]}
    for name in ("logits", "scores"):
        nodes = [node("Flatten", "image", "flat"), node("Gemm", "flat w b", name)]
        outputs = [("flat", ("batch", 16)), (name, ("batch", 3))]
        graph = read_graph(make_onnx(nodes, constants, outputs))
        if name == "logits":
            assert find_logits(graph) == name
            continue
        words = r"one output, or one called logits, not \['flat', 'scores'\]"
        with pytest.raises(NetworkError, match=words):
            find_logits(graph)


def test_the_last_map_is_the_last_wide_one_that_the_logits_need(make_onnx: MakeOnnx) -> None:
    kernel, weights = np.ones((2, 1, 3, 3), np.float32), np.ones((2, 3), np.float32)
    nodes = [
        node("Conv", "image k", "conv"),
        node("Relu", "conv", "map"),  # 2 x 2 x 2
        node("Neg", "conv", "aside"),  # not on the way to the logits
        node("GlobalAveragePool", "map", "pooled"),  # 2 x 1 x 1: no map any more
        node("Flatten", "pooled", "flat"),
        node("MatMul", "flat w", "logits"),
    ]
    outputs = [("logits", ("batch", 3)), ("aside", ("batch", 2, 2, 2))]
    graph = read_graph(make_onnx(nodes, {"k": kernel, "w": weights}, outputs))

    assert find_last_map(graph, "logits") == "map"


def test_without_a_convolution_there_is_no_map(make_onnx: MakeOnnx, affine: Affine) -> None:
    nodes = [node("Relu", "image", "r"), node("Flatten", "r", "flat")]
    nodes += [node("MatMul", "flat w", "out")]
    graph = read_graph(make_onnx(nodes, {"w": affine[0]}, OUT))

    assert find_last_map(graph, "out") is None


@pytest.mark.parametrize("data", [b"", b"not onnx", b"\x08\x0a"])
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "made.onnx").write_bytes(data)

    with pytest.raises(NetworkError, match=r"made\.onnx is not a valid ONNX model"):
        read_graph(tmp_path / "made.onnx")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"made\.onnx is not a valid ONNX model"):
        read_graph(tmp_path / "made.onnx")


def test_constants_may_be_nodes(make_onnx: MakeOnnx, affine: Affine) -> None:
    weights = numpy_helper.from_array(affine[0], "value")
    nodes = [helper.make_node("Constant", [], ["w"], value=weights)]
    nodes += [node("Flatten", "image", "flat"), node("MatMul", "flat w", "out")]
    found = head_of(make_onnx(nodes, {}, OUT))

    assert not isinstance(found, str)
    np.testing.assert_array_equal(found[0].weights, affine[0].T)


def test_constants_are_read_however_they_are_given(make_onnx: MakeOnnx) -> None:
    nodes = [
        helper.make_node("Constant", [], ["whole"], value_ints=[2, 3]),
        helper.make_node("Constant", [], ["half"], value_float=0.5),
        node("Mul", "image half", "scaled"),
        node("Flatten", "scaled", "out"),
    ]
    graph = read_graph(make_onnx(nodes, {}, [("out", ("batch", 16))]))

    assert graph.constants["whole"].tolist() == [2, 3]
    assert float(graph.constants["half"]) == 0.5
    assert (graph.size("out"), graph.size("scaled"), graph.size("absent")) == (16, 16, 0)
