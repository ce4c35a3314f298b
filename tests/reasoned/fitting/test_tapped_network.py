"""A network with its taps; what lies above the map only where a method reads it."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from explainers.registry import METHODS
from explainers.representative.served.search.dense_tail import DenseTail
from reasoned.errors import NetworkError
from reasoned.fitting.tapped_network import (
    BOUNDARIES,
    NOT_READ,
    Layers,
    Plain,
    export_plain,
    tap_network,
    taps_read,
)
from reasoned.network.reference import ReferenceNetwork
from tests.reasoned.network import upper_networks as networks

PIXELS = np.random.default_rng(0).normal(size=(70, 1, 8, 8)).astype(np.float32)
SMALL = PIXELS[:, :, :4, :4].copy()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("reference") / "plain.onnx"
    return export_plain(ReferenceNetwork(1, 8, 8, 5).eval(), Layers("hidden"), (1, 8, 8), path)


def outputs(path: Path) -> list[str]:
    return [output.name for output in onnx.load(path).graph.output]


def test_the_reference_is_read_at_its_first_dense_layer(reference: Plain, tmp_path: Path) -> None:
    found = tap_network(reference, tmp_path / "network.onnx", PIXELS, reads=BOUNDARIES, threads=1)
    taps = found.network.run_many(PIXELS)

    assert isinstance(found.upper, DenseTail)
    assert found.upper_reason == ""
    assert found.channel_map is not None
    assert found.channel_map.shape == (128, 64)
    assert (taps["psi"].shape, taps["boundary"].shape) == ((70, 64, 2, 2), (70, 128))
    np.testing.assert_array_equal(taps["psi"], taps["convolution"])
    np.testing.assert_array_equal(np.maximum(taps["boundary"], 0), taps["hidden"])


def test_without_a_reader_nothing_is_tapped(reference: Plain, tmp_path: Path) -> None:
    found = tap_network(reference, tmp_path / "network.onnx", PIXELS, reads=frozenset(), threads=1)

    assert set(found.network.taps) == {"logits", "hidden", "convolution", "affine_input"}
    assert outputs(tmp_path / "network.onnx") == ["logits", "hidden", "max_pool2d_1"]
    assert (found.upper, found.upper_reason, found.channel_map) == (None, NOT_READ, None)


def test_the_digits_are_not_read_where_no_method_asks(digits_folder: Path) -> None:
    model = onnx.load(digits_folder / "network.onnx")

    assert taps_read(("meta_forest", "additive")) == frozenset()
    assert {entry.key for entry in model.metadata_props} == {
        "reasoned.affine_input",
        "reasoned.convolution",
        "reasoned.heads",
        "reasoned.hidden",
        "reasoned.logits",
    }
    assert len(model.graph.output) == 4


def test_a_method_says_what_it_reads() -> None:
    assert taps_read(("no such method",)) == frozenset()
    for name, method in METHODS.items():
        assert taps_read(("additive", name)) == method.reads
    assert taps_read(("meta_forest", "representative")) == BOUNDARIES


def test_another_module_may_be_the_map(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = networks.smooth().eval()
    plain = export_plain(network, Layers("4", "1"), (1, 4, 4), tmp_path / "plain.onnx")
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=BOUNDARIES, threads=1)

    assert found.upper is not None
    assert found.upper.approximate.startswith("Gelu is not piecewise linear")
    assert found.network.taps["psi"] == found.network.taps["boundary"] == "psi"
    assert found.network.run_many(SMALL)["boundary"].shape == (70, 16)
    assert found.tapped.layer == "4"


def test_the_explained_layer_may_be_the_map(tmp_path: Path) -> None:
    network = networks.pooled().eval()
    plain = export_plain(network, Layers("1", "1"), (1, 4, 4), tmp_path / "plain.onnx")
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=BOUNDARIES, threads=1)

    assert found.network.taps["psi"] == found.network.taps["hidden"] == "hidden"


def test_what_cannot_be_read_is_not_tapped(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = networks.Skip().eval()
    plain = export_plain(network, Layers("head", "second"), (1, 4, 4), tmp_path / "plain.onnx")
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=BOUNDARIES, threads=1)

    assert found.upper is None
    assert "Add 'add_20' also reads 'relu'" in found.upper_reason
    assert not {"psi", "boundary"} & set(found.network.taps)


def test_what_fails_its_comparison_is_not_tapped(tmp_path: Path) -> None:
    network = networks.Shared().eval()  # its last map comes from a module that runs twice
    plain = export_plain(network, Layers("wide"), (1, 4, 4), tmp_path / "plain.onnx")
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=BOUNDARIES, threads=1)

    assert found.upper is None
    assert "puts out 'gelu' and runs once; name one that does" in found.upper_reason
    assert not {"psi", "boundary"} & set(found.network.taps)


def test_an_onnx_file_names_its_map_by_node_or_value(reference: Plain, tmp_path: Path) -> None:
    node = next(n for n in onnx.load(reference.path).graph.node if n.output[0] == "relu_1")
    for name in ("relu_1", node.name):
        plain = Plain(reference.path, Layers("hidden", name))
        found = tap_network(plain, tmp_path / "network.onnx", PIXELS, reads=BOUNDARIES, threads=1)

        assert found.upper is not None
        assert not isinstance(found.upper, DenseTail)  # max-pooling comes after it
        assert found.network.taps["psi"] == "relu_1"
    plain = Plain(reference.path, Layers("hidden", "absent"))
    words = "--boundary-layer must be one of the graph's layers, not 'absent': "
    with pytest.raises(NetworkError, match=words):
        tap_network(plain, tmp_path / "network.onnx", PIXELS, reads=BOUNDARIES, threads=1)


def test_an_unknown_module_is_refused_by_its_option(tmp_path: Path) -> None:
    words = "--boundary-layer must be one of the network's modules, not 'absent': 0, 1, 2"
    with pytest.raises(NetworkError, match=words):
        export_plain(networks.pooled(), Layers("1", "absent"), (1, 4, 4), tmp_path / "plain.onnx")


INTERMEDIATE = frozenset({"intermediate"})


def test_the_usual_layer_of_attribute_functions_is_the_last_map(
    reference: Plain, tmp_path: Path
) -> None:
    target = tmp_path / "network.onnx"
    found = tap_network(reference, target, PIXELS, reads=INTERMEDIATE, threads=1)
    taps = found.network.run_many(PIXELS)

    assert found.lower is not None
    assert (found.lower.layers, found.lower.reason) == (("max_pool2d_1",), "")
    assert outputs(target) == ["logits", "hidden", "max_pool2d_1"]
    assert (found.upper, found.upper_reason) == (None, NOT_READ)
    assert found.lower.maps is not None
    (maps,) = found.lower.maps(torch.from_numpy(PIXELS))
    np.testing.assert_allclose(maps.numpy(), taps["intermediate"], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(taps["intermediate"], taps["convolution"])


def test_boundaries_and_attribute_functions_are_read_side_by_side(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = networks.two_dense().eval()
    layers = Layers("4", "1", ("1", "4"))
    plain = export_plain(network, layers, (1, 4, 4), tmp_path / "plain.onnx")
    reads = BOUNDARIES | INTERMEDIATE
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=reads, threads=1)
    taps = found.network.taps

    assert found.upper is not None
    assert found.lower is not None
    assert (found.lower.layers, found.lower.reason) == (("1", "4"), "")
    assert taps["intermediate"] == taps["psi"] == "psi"
    assert taps["second_intermediate"] == taps["hidden"] == "hidden"
    assert layers.further() == {"psi": "1", "intermediate": "1", "second_intermediate": "4"}


def test_a_network_whose_boundaries_cannot_be_read_has_attributes_still(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = networks.Skip().eval()
    layers = Layers("head", "second", ("first", "second"))
    plain = export_plain(network, layers, (1, 4, 4), tmp_path / "plain.onnx")
    reads = BOUNDARIES | INTERMEDIATE
    found = tap_network(plain, tmp_path / "network.onnx", SMALL, reads=reads, threads=1)

    assert found.upper is None
    assert not {"psi", "boundary"} & set(found.network.taps)
    assert found.lower is not None
    assert (found.lower.layers, found.lower.reason) == (("first", "second"), "")


def test_an_onnx_file_names_its_attribute_layers(reference: Plain, tmp_path: Path) -> None:
    plain = Plain(reference.path, Layers("hidden", None, ("relu", "relu_1")))
    found = tap_network(plain, tmp_path / "network.onnx", PIXELS, reads=INTERMEDIATE, threads=1)

    assert found.lower is not None
    assert (found.lower.layers, found.lower.reason) == (("relu", "relu_1"), "")
    assert found.network.taps["second_intermediate"] == "relu_1"
    plain = Plain(reference.path, Layers("hidden", None, ("absent",)))
    with pytest.raises(NetworkError, match="--attribute-layers must be one of the graph's layers"):
        tap_network(plain, tmp_path / "network.onnx", PIXELS, reads=INTERMEDIATE, threads=1)
