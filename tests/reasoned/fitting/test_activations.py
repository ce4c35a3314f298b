"""Whole splits through the graph."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from reasoned.fitting.activations import BATCH
from reasoned.inference import Network
from reasoned.model import ExplainedModel
from reasoned.network.tapping import tap
from tests.reasoned.fitting.hand_made import averaging_network, table_of


@pytest.mark.parametrize("images", [1, BATCH, BATCH + 1, 2 * BATCH + 7])
def test_each_row_is_that_of_the_image_alone(tmp_path: Path, images: int) -> None:
    rng = np.random.default_rng(0)
    weights, bias = rng.normal(size=(3, 4)).astype(np.float32), np.ones(4, np.float32)
    network = averaging_network(tmp_path, 3, weights, bias)
    pixels = rng.normal(size=(images, 3, 4, 4)).astype(np.float32)
    table = table_of(network, pixels, np.zeros(images, np.int64), tmp_path)

    means = pixels.mean(axis=(2, 3))
    assert len(table) == images
    np.testing.assert_allclose(table.hidden, means, rtol=0, atol=1e-6)
    np.testing.assert_allclose(table.logits, means @ weights + bias, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(table.predicted, table.logits.argmax(axis=1))
    assert table.convolution is None
    assert table.affine_input is not None
    np.testing.assert_array_equal(table.affine_input, table.hidden)


def test_a_convolutional_map_is_kept_too(digits_model: ExplainedModel, tmp_path: Path) -> None:
    network = dataclasses.replace(digits_model.explaining.parts.network, heads={})
    pixels = np.random.default_rng(1).normal(size=(150, 1, 8, 8)).astype(np.float32)
    table = table_of(network, pixels, np.zeros(150, np.int64), tmp_path)
    last, one = table.one(149), network.run(pixels[149])

    assert last.convolution is not None
    assert one.convolution is not None
    np.testing.assert_allclose(last.convolution, one.convolution, rtol=1e-5, atol=1e-5)


def test_psi_is_stored_once_and_boundary_space_flat(digits_folder: Path, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).normal(size=(150, 1, 8, 8)).astype(np.float32)
    labels = np.zeros(150, np.int64)
    for boundary, kept in (("linear", (150, 128)), ("max_pool2d_1", (150, 256))):
        tap(
            digits_folder / "network.onnx",
            "hidden",
            "hidden",
            tmp_path / f"{boundary}.onnx",
            {"psi": "max_pool2d_1", "boundary": boundary},
        )
        network = Network.load(tmp_path / f"{boundary}.onnx")
        table = table_of(network, pixels, labels, tmp_path / boundary)
        stored = {path.stem for path in (tmp_path / boundary / "table").iterdir()}
        taken = {"logits", "hidden", "convolution"}  # the last affine layer reads the hidden one

        assert stored == taken | ({"boundary"} if boundary == "linear" else set())
        assert table.boundary is not None
        assert table.psi is not None
        assert table.convolution is not None
        assert np.shares_memory(table.psi, table.convolution)
        assert table.boundary.shape == kept
        assert np.shares_memory(table.boundary, table.psi) == (boundary != "linear")
        one, alone = table.one(149), network.run(pixels[149], whole=True)
        assert one.psi is not None
        assert one.boundary is not None
        assert alone.psi is not None
        np.testing.assert_allclose(one.psi, alone.psi, rtol=1e-5, atol=1e-5)
        assert alone.boundary is not None
        np.testing.assert_allclose(one.boundary, alone.boundary, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("taps", "stored"),
    [
        ({"intermediate": "max_pool2d_1"}, set()),  # the last map
        ({"intermediate": "hidden", "second_intermediate": "linear"}, {"second_intermediate"}),
        (
            {"psi": "max_pool2d", "boundary": "max_pool2d", "intermediate": "max_pool2d"},
            {"psi"},
        ),
        ({"intermediate": "max_pool2d", "second_intermediate": "max_pool2d_1"}, {"intermediate"}),
    ],
)
def test_one_value_of_the_graph_is_stored_once(
    digits_folder: Path, tmp_path: Path, taps: dict[str, str], stored: set[str]
) -> None:
    pixels = np.random.default_rng(1).normal(size=(150, 1, 8, 8)).astype(np.float32)
    source, target = digits_folder / "network.onnx", tmp_path / "network.onnx"
    tap(source, "hidden", "hidden", target, taps)
    network = Network.load(target)
    table = table_of(network, pixels, np.zeros(150, np.int64), tmp_path)

    found = {path.stem for path in (tmp_path / "table").iterdir()}
    assert found == {"logits", "hidden", "convolution"} | stored
    for position in (0, 149):
        one = table.one(position)
        alone = network.run_without_heads(pixels[position])
        for name in taps:
            expected = getattr(alone, name)
            np.testing.assert_allclose(getattr(one, name), expected, rtol=1e-5, atol=1e-5)


def test_an_explained_map_keeps_its_axes_as_a_layer_of_attribute_functions(
    digits_folder: Path, tmp_path: Path
) -> None:
    pixels = np.random.default_rng(1).normal(size=(5, 1, 8, 8)).astype(np.float32)
    source, target = digits_folder / "network.onnx", tmp_path / "network.onnx"
    tap(source, "map", "max_pool2d_1", target, {"intermediate": "max_pool2d_1"})
    table = table_of(Network.load(target), pixels, np.zeros(5, np.int64), tmp_path)

    assert table.intermediate is not None
    assert (table.hidden.shape, table.intermediate.shape) == ((5, 256), (5, 64, 2, 2))
    np.testing.assert_array_equal(table.intermediate.reshape(5, -1), table.hidden)
