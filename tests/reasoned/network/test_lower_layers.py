"""Which layers attribute functions read: those asked for, else the last map."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from explainers.arrays import AnyArray
from reasoned.errors import NetworkError
from reasoned.network.exporting import export
from reasoned.network.lower_layers import MOST_NUMBERS, LowerLayers, find_layers
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import Exporter, MakeOnnx, node
from tests.reasoned.small_networks import perceptron


def small(make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray]) -> Path:
    nodes = [node("Relu", "image", "r"), node("Identity", "r", "same")]
    nodes += [node("Flatten", "same", "flat"), node("Gemm", "flat w b", "out")]
    return make_onnx(nodes, {"w": affine[0], "b": affine[1]}, [("out", ("batch", 3))])


def test_the_last_map_is_the_usual_one(exported: Exporter) -> None:
    path = exported(networks.pooled).path
    found = find_layers(path, "1", (), {"hidden": "hidden"})

    assert found == LowerLayers(("max_pool2d",), ("max_pool2d",))
    assert found.taps() == {"intermediate": "max_pool2d"}


def test_without_a_map_it_is_the_explained_layer(
    make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    held = export(perceptron().eval(), "2", (1, 4, 4), tmp_path / "plain.onnx")

    found = find_layers(tmp_path / "plain.onnx", "2", (), held)
    assert found == LowerLayers(("2",), ("hidden",), ("2",))
    found = find_layers(small(make_onnx, affine), "node_flat", (), {})
    assert (found.names, found.values) == (("node_flat",), ("flat",))


def test_two_layers_of_a_graph_are_named_by_node_or_value(
    make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray]
) -> None:
    found = find_layers(small(make_onnx, affine), "flat", ("r", "node_flat"), {})

    assert found.names == ("r", "node_flat")
    assert found.taps() == {"intermediate": "r", "second_intermediate": "flat"}


def test_an_unknown_layer_is_refused_with_those_there_are(
    make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray]
) -> None:
    words = "--attribute-layers must be one of the graph's layers, not 'absent': node_r, "
    with pytest.raises(NetworkError, match=words):
        find_layers(small(make_onnx, affine), "flat", ("r", "absent"), {})


def test_one_layer_under_two_names_is_refused(
    make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray]
) -> None:
    path = small(make_onnx, affine)
    for second in ("node_r", "same"):  # its node, and a copy of it
        words = f"must name two layers, but r and {second} are the same in the graph; leave one"
        with pytest.raises(NetworkError, match=words):
            find_layers(path, "flat", ("r", second), {})


@pytest.mark.parametrize(("rows", "fits"), [(1024, True), (1025, False)])
def test_a_layer_may_have_a_million_numbers(
    make_onnx: MakeOnnx,
    rows: int,
    fits: bool,  # noqa: FBT001  a case
) -> None:
    nodes = [node("Relu", "image", "r"), node("GlobalAveragePool", "r", "m")]
    nodes += [node("Flatten", "m", "out")]
    path = make_onnx(nodes, {}, [("out", ("batch", 1))], image=("batch", 1, rows, 1024))
    if fits:
        assert find_layers(path, "r", ("r",), {}).values == ("r",)
        assert rows * 1024 == MOST_NUMBERS
        return
    words = "layer 'r' has 1049600 numbers, and attribute functions can read at most 1048576: "
    with pytest.raises(NetworkError, match=words + "choose a later layer with --attribute-layers"):
        find_layers(path, "r", ("r",), {})


def test_a_layer_of_open_size_is_refused(make_onnx: MakeOnnx) -> None:
    nodes = [node("Reshape", "image shape", "r"), node("ReduceMax", "r axes", "out")]
    constants: dict[str, AnyArray] = {"axes": np.array([1], np.int64)}
    path = make_onnx(nodes, constants, [("out", ("batch", 1))])
    model = onnx.load(path)
    model.graph.node.insert(0, node("Shape", "image", "shape"))
    onnx.save(model, path)

    with pytest.raises(NetworkError, match="layer 'r' has an unknown number of numbers"):
        find_layers(path, "out", ("r",), {})
