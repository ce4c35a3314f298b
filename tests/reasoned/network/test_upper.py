"""The network above the explained map: found, made callable, and compared with the whole."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from explainers.arrays import FloatArray
from explainers.representative.served.search.dense_tail import DenseTail
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.network.tapping import tap
from reasoned.network.upper import Origin, channel_map, find_upper, make_upper
from reasoned.network.upper_graph import UpperGraph
from reasoned.network.upper_torch import TorchUpper
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import Exporter, MakeOnnx, node

PIXELS = np.random.default_rng(0).normal(size=(30, 1, 4, 4)).astype(np.float32)
RNG = np.random.default_rng(1)


def found_in(path: Path, psi: str | None, origin: Origin | None = None) -> UpperGraph:
    found = find_upper(path, "hidden", psi, origin)
    assert isinstance(found, UpperGraph)
    return found


def tapped(above: UpperGraph, path: Path, folder: Path) -> Network:
    tap(path, "hidden", "hidden", folder / "network.onnx", above.taps())
    return Network.load(folder / "network.onnx")


@pytest.mark.parametrize(
    ("factory", "psi", "kind"),
    [
        (networks.two_dense, None, DenseTail),
        (networks.widening, None, DenseTail),
        (networks.averaged, None, DenseTail),
        (networks.pooled, "max_pool2d", DenseTail),
        (networks.pooled, "hidden", TorchUpper),
    ],
)
def test_it_gives_the_logits_of_the_whole(
    exported: Exporter, tmp_path: Path, factory: Callable[[], nn.Module], psi: str, kind: type
) -> None:
    path = exported(factory).path
    above = found_in(path, psi)
    network = tapped(above, path, tmp_path)
    upper = make_upper(above, None, network, PIXELS)
    taps = network.run_many(PIXELS)

    assert isinstance(upper, kind)
    assert not isinstance(upper, str)
    found = upper.logits(taps["boundary"].astype(np.float64))
    np.testing.assert_allclose(found, taps["logits"], rtol=1e-5, atol=1e-5)
    assert upper.approximate == ""
    assert upper.single_piece == (factory is networks.averaged)


def test_a_smooth_head_is_run_by_its_module_and_said_to_be_approximate(
    exported: Exporter, tmp_path: Path
) -> None:
    made = exported(networks.smooth)
    for layer in (None, "1"):  # looked for, and told
        origin = Origin(made.network, layer)
        above = found_in(made.path, "hidden", origin)
        network = tapped(above, made.path, tmp_path)
        upper = make_upper(above, origin, network, PIXELS)

        assert isinstance(upper, TorchUpper)
        assert upper.approximate.startswith("Gelu is not piecewise linear: a boundary is only")
        assert network.taps["boundary"] == network.taps["psi"] == "hidden"
        assert channel_map(above) is None


def test_a_smooth_head_of_a_graph_is_refused(exported: Exporter) -> None:
    found = find_upper(exported(networks.smooth).path, "hidden", None)

    assert isinstance(found, str)
    assert found.startswith("Gelu is not piecewise linear: ")
    assert found.endswith("an ONNX graph is read only where it is piecewise linear")


def test_a_map_that_no_module_gives_is_refused(exported: Exporter, tmp_path: Path) -> None:
    made = exported(networks.smooth)
    torch.manual_seed(1)
    another = Origin(networks.smooth().eval(), None)
    above = found_in(made.path, "hidden", another)
    found = make_upper(above, another, tapped(above, made.path, tmp_path), PIXELS)

    assert found == (
        "no module of the network puts out 'hidden' and runs once; name one that does with "
        "--boundary-layer (`reasoned layers` lists them)"
    )


def test_a_network_that_gives_other_logits_is_refused(exported: Exporter, tmp_path: Path) -> None:
    made = exported(networks.smooth)
    torch.manual_seed(1)
    another = Origin(networks.smooth().eval(), "1")
    above = found_in(made.path, "hidden", another)
    found = make_upper(above, another, tapped(above, made.path, tmp_path), PIXELS)

    assert isinstance(found, str)
    assert "the network above 'hidden', run by itself, gives logits that differ by" in found


def test_a_network_that_does_not_run_by_itself_is_refused(
    exported: Exporter, tmp_path: Path
) -> None:
    made = exported(networks.smooth)
    another = Origin(networks.smooth().eval(), "4")
    above = found_in(made.path, "hidden", another)
    found = make_upper(above, another, tapped(above, made.path, tmp_path), PIXELS)

    assert isinstance(found, str)
    assert "the network above 'hidden' could not be run by itself: " in found


def test_without_a_map_the_explained_layer_is_taken(
    make_onnx: MakeOnnx, affine: tuple[FloatArray, FloatArray]
) -> None:
    nodes = [
        node("Flatten", "image", "flat"),
        node("Relu", "flat", "r"),
        node("Gemm", "r w b", "out"),
    ]
    path = make_onnx(nodes, dict(zip("wb", affine, strict=True)), [("out", ("batch", 3))])
    found = find_upper(path, "node_r", None)

    assert isinstance(found, UpperGraph)
    assert found.taps() == {"psi": "r", "boundary": "out"}
    assert channel_map(found) is None  # psi is no map
    with pytest.raises(NetworkError, match="--boundary-layer must be one of the graph's layers"):
        find_upper(path, "node_r", "absent")


@pytest.mark.parametrize("factory", [networks.two_dense, networks.averaged])
def test_the_channel_map_is_the_mean_over_positions(
    exported: Exporter, factory: Callable[[], nn.Module]
) -> None:
    made = exported(factory)
    found = channel_map(found_in(made.path, None))
    # Adding one to every position of a channel moves each unit by four times the mean.
    lower, upper = (3, 6) if factory is networks.averaged else (2, 4)
    with torch.no_grad():
        start = made.network[lower:upper](torch.zeros(1, 4, 2, 2))
        raised = torch.eye(4)[:, :, None, None].expand(4, 4, 2, 2)
        moved = made.network[lower:upper](raised) - start

    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_allclose(4 * found.T, moved.numpy(), rtol=1e-4, atol=1e-6)


def test_numbers_of_another_shape_are_refused(exported: Exporter, tmp_path: Path) -> None:
    path = exported(networks.two_dense).path
    above = found_in(path, None)
    network = tapped(above, path, tmp_path)
    found = make_upper(dataclasses.replace(above, logits="leaky_relu"), None, network, PIXELS)

    assert isinstance(found, str)
    assert "could not be run by itself: operands could not be broadcast together" in found
