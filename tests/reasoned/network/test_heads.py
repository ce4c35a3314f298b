"""Heads in the graph give what numpy gives."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from explainers.arrays import AnyArray, ByteArray
from explainers.heads import Head, Node
from reasoned.errors import NetworkError
from reasoned.explaining import Explaining
from reasoned.folder.selftest import difference
from reasoned.inference import Network
from reasoned.model import ExplainedModel
from reasoned.network.heads import add_heads, map_size
from reasoned.network.tapping import tap
from reasoned.reply.options import ReplyOptions
from tests.reasoned.network.conftest import MakeOnnx, node

DOUBLE = Head("double", (Node("Add", ("hidden", "hidden"), ("sum",)),), {}, ("sum",), (16,))
OF_MAP = Head("map", (Node("Relu", ("convolution",), ("r",)),), {}, ("r",), (1,))


@pytest.fixture
def tapped(make_onnx: MakeOnnx, affine: tuple[AnyArray, AnyArray], tmp_path: Path) -> Path:
    nodes = [node("Relu", "image", "r"), node("Flatten", "r", "flat")]
    nodes += [node("Gemm", "flat w b", "out")]
    constants = {"w": affine[0], "b": affine[1]}
    path = tmp_path / "tapped.onnx"
    tap(make_onnx(nodes, constants, [("out", ("batch", 3))]), "r", None, path)
    return path


def test_a_head_reads_the_hidden_layer_flat(tapped: Path) -> None:
    add_heads(tapped, [DOUBLE, dataclasses.replace(DOUBLE, name="again")])
    network = Network.load(tapped)
    image = np.random.default_rng(0).normal(size=(1, 4, 4)).astype(np.float32)
    found = network.run(image)

    assert network.heads == {"double": 16, "again": 16}
    doubled = (2 * np.maximum(image, 0)).reshape(-1)
    np.testing.assert_array_equal(found.heads["double"], doubled)
    np.testing.assert_array_equal(found.heads["again"], doubled)


def test_a_head_reads_the_networks_input_flat(tapped: Path) -> None:
    model = onnx.load(tapped)
    # Old graphs list their weights among the inputs, in any order.
    weights = onnx.helper.make_tensor_value_info("w", onnx.TensorProto.FLOAT, (16, 3))
    model.graph.input.insert(0, weights)
    onnx.save(model, tapped)
    whole = Head("whole", (Node("Add", ("pixels", "hidden"), ("sum",)),), {}, ("sum",), (16,))
    add_heads(tapped, [whole])
    session = onnxruntime.InferenceSession(tapped, providers=["CPUExecutionProvider"])
    image = np.random.default_rng(0).normal(size=(2, 1, 4, 4)).astype(np.float32)
    (found,) = session.run(["reasoned.heads"], {"image": image})

    flat = image.reshape(2, -1)
    np.testing.assert_array_equal(found, flat + np.maximum(flat, 0))


def test_a_head_that_reads_what_the_graph_lacks_is_left_out(tapped: Path) -> None:
    before = tapped.read_bytes()
    add_heads(tapped, [OF_MAP])
    assert tapped.read_bytes() == before

    add_heads(tapped, [OF_MAP, DOUBLE])
    assert Network.load(tapped).heads == {"double": 16}
    assert map_size(tapped) is None


def test_an_old_graph_stays_as_it_is(tapped: Path) -> None:
    model = onnx.load(tapped)
    model.opset_import[0].version = 13
    onnx.save(model, tapped)
    add_heads(tapped, [DOUBLE])

    assert Network.load(tapped).heads == {}


def test_a_head_that_does_not_fit_is_refused(tapped: Path) -> None:
    wrong = dataclasses.replace(DOUBLE, nodes=(Node("NoSuch", ("hidden",), ("sum",)),))
    with pytest.raises(NetworkError, match="the heads do not fit the graph"):
        add_heads(tapped, [wrong])


def test_replies_are_the_same_with_heads_and_without(
    digits_model: ExplainedModel, digits_images: list[ByteArray], noise: list[ByteArray]
) -> None:
    parts = digits_model.explaining.parts
    assert set(parts.network.heads) == {"representatives", "support", "meta_forest"}
    plain = dataclasses.replace(parts, network=dataclasses.replace(parts.network, heads={}))
    explaining = Explaining.of(plain, "digits", "1", digits_model.sha256)
    for image in [*digits_images[::4], *noise]:
        options = ReplyOptions(explain="full")
        expected = json.loads(digits_model.reply(image, options))
        found = json.loads(explaining.reply(image, options, "local", None))

        assert difference(expected, found) is None


def test_the_map_of_the_digits_is_known_by_its_size(digits_folder: Path) -> None:
    assert map_size(digits_folder / "network.onnx") == 4


def test_a_head_may_read_boundary_space_and_psi(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("GlobalMaxPool", "r", "m"),
        node("Flatten", "m", "out"),
    ]
    path = make_onnx(nodes, {}, [("out", ("batch", 1))])
    tap(path, "r", None, tmp_path / "tapped.onnx", {"psi": "r", "boundary": "r"})
    once = Head("once", (Node("Identity", ("boundary",), ("flat",)),), {}, ("flat",), (16,))
    axes = {"plane": np.array([2, 3], np.int64)}
    means = (Node("ReduceMean", ("psi", "plane"), ("means",), {"keepdims": 0}),)
    add_heads(tmp_path / "tapped.onnx", [once, Head("means", means, axes, ("means",), (1,))])
    image = np.random.default_rng(0).normal(size=(1, 4, 4)).astype(np.float32)
    found = Network.load(tmp_path / "tapped.onnx").run(image)

    np.testing.assert_array_equal(found.heads["once"], np.maximum(image, 0).reshape(-1))
    np.testing.assert_allclose(found.heads["means"], [np.maximum(image, 0).mean()], rtol=1e-6)


def test_a_head_reads_the_layers_of_attribute_functions_as_they_are(
    make_onnx: MakeOnnx, tmp_path: Path
) -> None:
    nodes = [
        node("Relu", "image", "r"),
        node("Reshape", "r rows", "tokens"),
        node("Reshape", "r flat", "f"),
        node("ReduceMax", "f one", "out"),
    ]
    constants = {"rows": np.array([0, 4, 4], np.int64), "flat": np.array([0, 16], np.int64)}
    constants["one"] = np.array([1], np.int64)
    path = make_onnx(nodes, constants, [("out", ("batch", 1))])
    image = np.random.default_rng(0).normal(size=(1, 4, 4)).astype(np.float32)
    plane = {"plane": np.array([2, 3], np.int64)}
    summed = Node("ReduceSum", ("intermediate", "plane"), ("sum",), {"keepdims": 0})
    kept = Node("Identity", ("second_intermediate",), ("kept",))
    head = Head("both", (summed, kept), plane, ("sum", "kept"), (1, 16))
    for second in ("tokens", "f"):  # three axes, and two
        taps = {"intermediate": "r", "second_intermediate": second}
        tap(path, "out", None, tmp_path / f"{second}.onnx", taps)
        add_heads(tmp_path / f"{second}.onnx", [head])
        found = Network.load(tmp_path / f"{second}.onnx").run(image).heads["both"]

        np.testing.assert_allclose(found[0], np.maximum(image, 0).sum(), rtol=1e-6)
        np.testing.assert_array_equal(found[1:], np.maximum(image, 0).reshape(-1))
