"""The graph as it is served."""

import dataclasses
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explainers.arrays import FloatArray
from reasoned.errors import FolderError
from reasoned.inference import Network, softmax
from reasoned.inference.session import HEADS, MANY_CLASSES
from reasoned.model import ExplainedModel


def test_softmax_by_hand() -> None:
    found = softmax(np.log(np.array([1, 2, 5], np.float32)))

    # The logarithms are in float32.
    np.testing.assert_allclose(found, [0.125, 0.25, 0.625], rtol=1e-6)


@given(
    arrays.arrays(
        np.float32,
        st.integers(1, 2 * MANY_CLASSES),
        elements=st.floats(-1e4, 1e4, width=32, allow_nan=False),
    )
)
def test_softmax_is_a_distribution_that_keeps_the_order(logits: FloatArray) -> None:
    found = np.array(softmax(logits))
    powers = np.exp(logits.astype(np.float64) - logits.max())

    np.testing.assert_allclose(found, powers / powers.sum(), rtol=1e-12)
    np.testing.assert_allclose(found.sum(), 1.0, rtol=1e-12)
    assert np.all(np.diff(found[np.argsort(logits, kind="stable")]) >= 0)


def test_one_image_gets_what_many_get(digits_model: ExplainedModel) -> None:
    network = dataclasses.replace(digits_model.explaining.parts.network, heads={})
    pixels = np.random.default_rng(2).normal(size=(6, 1, 8, 8)).astype(np.float32)
    many = network.run_many(pixels)
    for i, image in enumerate(pixels):
        one = network.run(image)
        # A batch may be summed in another order.
        np.testing.assert_allclose(one.logits, many["logits"][i], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(one.hidden, many["hidden"][i], rtol=1e-5, atol=1e-5)
        assert one.convolution is not None
        np.testing.assert_allclose(one.convolution, many["convolution"][i], rtol=1e-5, atol=1e-5)
        assert one.affine_input is not None
        np.testing.assert_allclose(one.affine_input, many["affine_input"][i], rtol=1e-5, atol=1e-5)
        assert one.predicted == int(one.logits.argmax())
        np.testing.assert_array_equal(one.pixels, image)


def test_with_heads_the_large_map_stays_in_the_graph(digits_model: ExplainedModel) -> None:
    network = digits_model.explaining.parts.network
    pixels = np.random.default_rng(2).normal(size=(1, 8, 8)).astype(np.float32)
    one = network.run(pixels)

    assert one.convolution is None
    assert {name: len(numbers) for name, numbers in one.heads.items()} == network.heads
    np.testing.assert_array_equal(
        one.logits, dataclasses.replace(network, heads={}).run(pixels).logits
    )


@pytest.mark.parametrize("layout", ["", "[]", '{"a": "b"}', '{"a": 0}', '{"a": -3}', "7"])
def test_a_broken_layout_of_the_heads_is_refused(
    digits_folder: Path, tmp_path: Path, layout: str
) -> None:
    model = onnx.load(digits_folder / "network.onnx")
    entry = next(one for one in model.metadata_props if one.key == HEADS)
    entry.value = layout
    onnx.save(model, tmp_path / "network.onnx")

    with pytest.raises(FolderError, match=r"network\.onnx: .*its heads"):
        Network.load(tmp_path / "network.onnx")


def test_it_cannot_be_changed(digits_model: ExplainedModel) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        digits_model.explaining.parts.network.batch = 1  # type: ignore[misc]  # that is the test


@pytest.mark.parametrize("data", [b"", b"not onnx"])
def test_a_file_that_is_no_graph_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "network.onnx").write_bytes(data)

    words = r"network\.onnx is not a graph that onnxruntime can load"
    with pytest.raises(FolderError, match=words):
        Network.load(tmp_path / "network.onnx")


@pytest.mark.parametrize("tap", ["reasoned.logits", "reasoned.hidden"])
def test_a_graph_without_its_taps_is_refused(digits_folder: Path, tmp_path: Path, tap: str) -> None:
    for change in ("removed", "elsewhere"):
        model = onnx.load(digits_folder / "network.onnx")
        for entry in list(model.metadata_props):
            if entry.key == tap and change == "removed":
                model.metadata_props.remove(entry)
            elif entry.key == tap:
                entry.value = "no such output"
        onnx.save(model, tmp_path / "network.onnx")

        words = "does not declare its logits and hidden layer as outputs"
        with pytest.raises(FolderError, match=words):
            Network.load(tmp_path / "network.onnx")


@pytest.fixture
def with_psi(digits_folder: Path, tmp_path: Path) -> Network:
    """Give the digits' network with boundary space tapped; psi is the last map."""
    model = onnx.load(digits_folder / "network.onnx")
    model.graph.output.append(
        onnx.helper.make_tensor_value_info("linear", onnx.TensorProto.FLOAT, ["batch", 128])
    )
    model.metadata_props.add(key="reasoned.psi", value="max_pool2d_1")
    model.metadata_props.add(key="reasoned.boundary", value="linear")
    onnx.save(model, tmp_path / "network.onnx")
    return Network.load(tmp_path / "network.onnx")


@pytest.mark.parametrize("heads", [True, False])
def test_psi_comes_with_the_whole_only_and_boundary_space_always(
    with_psi: Network,
    heads: bool,  # noqa: FBT001  a case
) -> None:
    network = with_psi if heads else dataclasses.replace(with_psi, heads={})
    pixels = np.random.default_rng(3).normal(size=(1, 8, 8)).astype(np.float32)
    part, full, every = (
        network.run(pixels),
        network.run(pixels, whole=True),
        network.run_many(pixels[None]),
    )
    assert part.boundary is not None
    assert full.boundary is not None
    assert full.psi is not None
    assert full.convolution is not None

    assert part.psi is None
    assert (part.convolution is None) == heads
    assert (full.psi.shape, full.boundary.shape) == ((64, 2, 2), (128,))
    np.testing.assert_array_equal(part.boundary, full.boundary)
    np.testing.assert_array_equal(full.boundary, every["boundary"][0])
    np.testing.assert_array_equal(full.psi, every["psi"][0])
    np.testing.assert_array_equal(full.psi, full.convolution)
    np.testing.assert_array_equal(np.maximum(full.boundary, 0), full.hidden)
    np.testing.assert_array_equal(part.logits, full.logits)
    assert part.heads == full.heads


def test_numbers_that_are_not_finite_are_left_out_with_the_whole_too(with_psi: Network) -> None:
    pixels = np.full((1, 8, 8), np.nan, np.float32)
    found = with_psi.run(pixels, whole=True)

    assert found.heads == {}
    assert found.psi is not None
    assert found.boundary is not None


def test_a_network_without_psi_gives_no_more_with_the_whole(digits_model: ExplainedModel) -> None:
    network = digits_model.explaining.parts.network
    pixels = np.random.default_rng(3).normal(size=(1, 8, 8)).astype(np.float32)
    found = network.run(pixels, whole=True)

    assert (found.psi, found.boundary, found.convolution) == (None, None, None)


def tapped_as(folder: Path, taps: dict[str, str], target: Path) -> Network:
    """Give the digits' network with more of its values tapped."""
    model = onnx.load(folder / "network.onnx")
    declared = {output.name for output in model.graph.output}
    for tap, value in taps.items():
        if value not in declared:
            model.graph.output.append(
                onnx.helper.make_tensor_value_info(value, onnx.TensorProto.FLOAT, None)
            )
            declared.add(value)
        model.metadata_props.add(key=f"reasoned.{tap}", value=value)
    onnx.save(model, target)
    return Network.load(target)


LAYERS = {"intermediate": "max_pool2d", "second_intermediate": "linear"}


def test_the_layers_of_attribute_functions_stay_in_a_graph_with_heads(
    digits_folder: Path, tmp_path: Path
) -> None:
    network = tapped_as(digits_folder, LAYERS, tmp_path / "network.onnx")
    pixels = np.random.default_rng(3).normal(size=(1, 8, 8)).astype(np.float32)
    every = network.run_many(pixels[None])

    assert (every["intermediate"].ndim, every["second_intermediate"].shape) == (4, (1, 128))
    for whole in (False, True):
        found = network.run(pixels, whole=whole)
        assert found.heads
        assert (found.intermediate, found.second_intermediate) == (None, None)
    for one in (
        dataclasses.replace(network, heads={}).run(pixels),
        network.run_without_heads(pixels),
        network.run(np.full_like(pixels, np.nan)),  # whose heads give no numbers
    ):
        assert one.intermediate is not None
        assert one.second_intermediate is not None
        assert one.intermediate.shape == every["intermediate"].shape[1:]
        assert one.second_intermediate.shape == (128,)
    given = network.run_without_heads(pixels)
    np.testing.assert_array_equal(given.intermediate, every["intermediate"][0])
    np.testing.assert_array_equal(given.second_intermediate, every["second_intermediate"][0])


def test_a_layer_that_is_psi_too_comes_with_the_whole(digits_folder: Path, tmp_path: Path) -> None:
    taps = dict.fromkeys(("psi", "boundary", "intermediate"), "max_pool2d_1")
    network = tapped_as(digits_folder, taps, tmp_path / "network.onnx")
    pixels = np.random.default_rng(3).normal(size=(1, 8, 8)).astype(np.float32)
    part, full = network.run(pixels), network.run(pixels, whole=True)

    assert part.intermediate is None
    assert full.intermediate is not None
    np.testing.assert_array_equal(full.intermediate, full.psi)
