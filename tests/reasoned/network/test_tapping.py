"""Taps as declared outputs, and graphs that cannot be tapped."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from explainers.arrays import AnyArray
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.network.graph import read_graph
from reasoned.network.tapping import MOST_UNITS, image_shape, tap
from tests.reasoned.network.conftest import MakeOnnx, node

Affine = tuple[AnyArray, AnyArray]


def small(make_onnx: MakeOnnx, affine: Affine, **changed: object) -> Path:
    nodes = [
        node("Relu", "image", "r"),
        node("Flatten", "r", "flat"),
        node("Gemm", "flat w b", "scores"),
        node("Softmax", "scores", "out"),
    ]
    constants = {"w": affine[0], "b": affine[1]}
    return make_onnx(nodes, constants, [("out", ("batch", 3))], **changed)


@pytest.mark.parametrize("layer", ["node_flat", "flat"])
def test_a_layer_is_named_by_its_node_or_by_its_value(
    make_onnx: MakeOnnx, affine: Affine, tmp_path: Path, layer: str
) -> None:
    found = tap(small(make_onnx, affine), layer, None, tmp_path / "tapped.onnx")
    network = Network.load(tmp_path / "tapped.onnx")
    image = np.random.default_rng(1).normal(size=(1, 4, 4)).astype(np.float32)
    one = network.run(image)
    hidden = np.maximum(image, 0).reshape(-1)

    assert (found.layer, found.units, found.classes, found.head_reason) == (layer, 16, 3, "")
    np.testing.assert_array_equal(one.hidden, hidden)
    np.testing.assert_allclose(one.logits, hidden @ affine[0] + affine[1], rtol=1e-5)
    assert one.affine_input is not None
    np.testing.assert_array_equal(one.affine_input, hidden)
    assert one.convolution is None


def test_only_what_the_taps_need_is_kept(
    make_onnx: MakeOnnx, affine: Affine, tmp_path: Path
) -> None:
    tap(small(make_onnx, affine), "r", None, tmp_path / "tapped.onnx")
    model = onnx.load(tmp_path / "tapped.onnx")

    assert [one.op_type for one in model.graph.node] == ["Relu", "Flatten", "Gemm"]
    assert {one.key: one.value for one in model.metadata_props} == {
        "reasoned.logits": "scores",
        "reasoned.hidden": "r",
        "reasoned.affine_input": "flat",
    }


def test_an_unknown_layer_is_refused_with_those_there_are(
    make_onnx: MakeOnnx, affine: Affine, tmp_path: Path
) -> None:
    words = "not 'fc1': node_r, node_flat, node_scores, node_out"
    with pytest.raises(NetworkError, match=f"one of the graph's layers, {words}"):
        tap(small(make_onnx, affine), "fc1", None, tmp_path / "tapped.onnx")


def test_a_layer_that_is_too_large_is_refused(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    shape = ("batch", 1, 129, 128)
    nodes = [node("Relu", "image", "r"), node("GlobalAveragePool", "r", "p")]
    path = make_onnx([*nodes, node("Flatten", "p", "out")], {}, [("out", ("batch", 1))], shape)

    words = f"layer 'r' has 16512 units; at most {MOST_UNITS} can be explained: choose a later"
    with pytest.raises(NetworkError, match=words):
        tap(path, "r", None, tmp_path / "tapped.onnx")


@pytest.mark.parametrize(
    "image", [("batch", 4, 4, 3), ("batch", 16), ("batch", 1, "rows", "columns"), (1, 2, 4, 4)]
)
def test_an_input_that_is_no_image_channels_first_is_refused(
    make_onnx: MakeOnnx, image: tuple[str | int, ...]
) -> None:
    path = make_onnx([node("Flatten", "image", "out")], {}, [("out", ("batch", None))], image)

    words = r"\(batch, channels, rows, columns\) with 1 or 3 channels .* passed channels first"
    with pytest.raises(NetworkError, match=words):
        image_shape(read_graph(path))


def test_half_precision_is_refused(make_onnx: MakeOnnx) -> None:
    shape = ("batch", 16)
    flat = [node("Flatten", "image", "out")]
    path = make_onnx(flat, {}, [("out", shape)], kind=TensorProto.FLOAT16)

    with pytest.raises(NetworkError, match="must be float32; cast inside the graph or re-export"):
        image_shape(read_graph(path))


def test_two_inputs_are_refused(tmp_path: Path, make_onnx: MakeOnnx) -> None:
    path = make_onnx([node("Flatten", "image", "out")], {}, [("out", ("batch", 16))])
    model = onnx.load(path)
    model.graph.input.append(onnx.helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1]))
    onnx.save(model, tmp_path / "two.onnx")

    with pytest.raises(NetworkError, match=r"one input, the image, but has \['image', 'mask'\]"):
        tap(tmp_path / "two.onnx", "out", None, tmp_path / "tapped.onnx")


def test_a_fixed_batch_of_one_is_run_image_by_image(
    make_onnx: MakeOnnx, affine: Affine, tmp_path: Path
) -> None:
    tap(small(make_onnx, affine, image=(1, 1, 4, 4)), "r", None, tmp_path / "tapped.onnx")
    network = Network.load(tmp_path / "tapped.onnx")
    images = np.random.default_rng(1).normal(size=(5, 1, 4, 4)).astype(np.float32)
    found = network.run_many(images)

    assert network.batch == 1
    hidden = np.maximum(images, 0).reshape(5, 16)
    np.testing.assert_array_equal(found["hidden"], hidden)
    np.testing.assert_allclose(found["logits"], hidden @ affine[0] + affine[1], rtol=1e-5)


def test_a_larger_fixed_batch_is_refused(
    make_onnx: MakeOnnx, affine: Affine, tmp_path: Path
) -> None:
    words = "takes 4 images at a time; re-export it with an open batch, or a batch of 1"
    with pytest.raises(NetworkError, match=words):
        tap(small(make_onnx, affine, image=(4, 1, 4, 4)), "r", None, tmp_path / "tapped.onnx")


def test_logits_that_are_no_row_per_image_are_refused(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    path = make_onnx([node("Relu", "image", "out")], {}, [("out", ("batch", 1, 4, 4))])

    words = r"logits must have shape \(images, classes\), not \(0, 1, 4, 4\)"
    with pytest.raises(NetworkError, match=words):
        tap(path, "out", None, tmp_path / "tapped.onnx")
