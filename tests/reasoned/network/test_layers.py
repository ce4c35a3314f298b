"""Which layers can be explained."""

import pytest

from explainers.arrays import AnyArray
from reasoned.errors import NetworkError
from reasoned.network.layers import onnx_layers, torch_layers
from tests.reasoned.network.conftest import MakeOnnx, node
from tests.reasoned.small_networks import convolutional, unused


def test_the_modules_that_an_image_passes_through_in_order() -> None:
    assert torch_layers(convolutional(), (1, 4, 4)) == [
        ("0", "Conv2d", (4, 4, 4)),
        ("1", "ReLU", (4, 4, 4)),
        ("2", "MaxPool2d", (4, 2, 2)),
        ("3", "Flatten", (16,)),
        ("4", "Linear", (4,)),
    ]


def test_a_module_that_never_runs_is_not_listed() -> None:
    names = [name for name, _, _ in torch_layers(unused(), (1, 4, 4))]

    assert names == ["head.0", "head.1", "head"]


def test_a_size_on_which_the_network_does_not_run_is_refused() -> None:
    words = r"(?s)does not run on images of \(3, 5, 5\).*give --size and --channels"
    with pytest.raises(NetworkError, match=words):
        torch_layers(convolutional(), (3, 5, 5))


def test_the_nodes_of_a_graph_with_their_shapes(
    make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray]
) -> None:
    nodes = [node("Flatten", "image", "flat"), node("Gemm", "flat w b", "out")]
    path = make_onnx(nodes, {"w": affine[0], "b": affine[1]}, [("out", ("batch", 3))])

    assert onnx_layers(path) == [("node_flat", "Flatten", (16,)), ("node_out", "Gemm", (3,))]
