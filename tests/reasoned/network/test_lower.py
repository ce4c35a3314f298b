"""The network below the layers that attribute functions read: the same numbers, gradients."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import final

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from explainers.fitting_contract import Lower
from reasoned.inference import Network
from reasoned.network.exporting import Tapped, export
from reasoned.network.lower import GraphMaps, ModuleMaps, make_lower
from reasoned.network.lower_layers import LowerLayers, find_layers
from reasoned.network.tapping import tap
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import MakeOnnx, node

PIXELS = np.random.default_rng(0).normal(size=(70, 1, 4, 4)).astype(np.float32)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Made:
    """A torch network, its graph, and what was found below its layers."""

    network: nn.Module
    served: Network
    lower: Lower
    layers: LowerLayers
    path: Path


def smooth_map() -> nn.Module:
    """A GELU that puts out the last map."""
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.GELU(), nn.Flatten(), nn.Linear(16, 3))


def make(network: nn.Module, layer: str, asked: tuple[str, ...], folder: Path) -> Made:
    taps = dict(zip(("intermediate", "second_intermediate"), asked, strict=False))
    held = export(network.eval(), layer, (1, 4, 4), folder / "plain.onnx", taps)
    layers = find_layers(folder / "plain.onnx", layer, asked, held)
    path = folder / "network.onnx"
    tap(folder / "plain.onnx", layer, "hidden", path, layers.taps())
    served = Network.load(path)
    lower = make_lower(layers, path, network, served, PIXELS)
    return Made(network, served, lower, layers, path)


def by_torch(network: nn.Module, layer: str, images: torch.Tensor) -> torch.Tensor:
    """Give a layer's output, by torch alone."""
    kept: list[torch.Tensor] = []
    handle = network.get_submodule(layer).register_forward_hook(lambda *a: kept.append(a[2]))
    network(images)
    handle.remove()
    return kept[-1]


@pytest.mark.parametrize(
    ("factory", "asked", "chained", "kind"),
    [
        (networks.Skip, ("first", "second"), True, GraphMaps),
        (networks.two_dense, ("1", "3"), True, GraphMaps),
        (networks.two_dense, ("3", "1"), False, GraphMaps),  # the second lies below the first
        (networks.averaged, ("2",), False, GraphMaps),
        (networks.smooth, ("1", "4"), False, ModuleMaps),
    ],
)
def test_it_gives_what_the_graph_gives_and_gradients(
    tmp_path: Path,
    factory: Callable[[], nn.Module],
    asked: tuple[str, ...],
    chained: bool,  # noqa: FBT001  a case
    kind: type,
) -> None:
    torch.manual_seed(0)
    made = make(factory(), "head" if factory is networks.Skip else "2", asked, tmp_path)
    maps, taps = made.lower.maps, made.served.run_many(PIXELS)

    assert (made.lower.layers, made.lower.reason) == (asked, "")
    assert isinstance(maps, GraphMaps | ModuleMaps)
    assert isinstance(maps, kind)
    if isinstance(maps, GraphMaps):
        assert (maps.parts[-1].source == maps.parts[0].result) == chained
    images = torch.from_numpy(PIXELS).requires_grad_()
    found = maps(images)
    assert len(found) == len(asked)
    for tap_name, layer, one in zip(made.layers.taps(), asked, found, strict=True):
        np.testing.assert_allclose(one.detach().numpy(), taps[tap_name], rtol=1e-5, atol=1e-5)
        assert one.dtype == torch.float32
        (gradient,) = torch.autograd.grad(one.square().sum(), images, retain_graph=True)
        other = torch.from_numpy(PIXELS).requires_grad_()
        (wanted,) = torch.autograd.grad(by_torch(made.network, layer, other).square().sum(), other)
        assert float(gradient.abs().max()) > 0
        np.testing.assert_allclose(gradient.numpy(), wanted.numpy(), rtol=1e-4, atol=1e-5)


def test_the_usual_map_is_run_by_the_module_that_gives_it(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = make(smooth_map(), "2", (), tmp_path)

    assert (made.lower.layers, made.lower.reason) == (("gelu",), "")
    assert isinstance(made.lower.maps, ModuleMaps)
    (found,) = made.lower.maps(torch.from_numpy(PIXELS))
    taps = made.served.run_many(PIXELS)
    np.testing.assert_allclose(found.numpy(), taps["intermediate"], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(taps["intermediate"], taps["convolution"])


def test_the_users_network_stays_bit_by_bit_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.GELU(), nn.Flatten(), nn.Linear(16, 3)
    ).eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    lower = make(network, "3", ("2",), tmp_path).lower
    assert lower.maps is not None
    images = torch.from_numpy(PIXELS).requires_grad_()
    lower.maps(images)[0].sum().backward()

    assert images.grad is not None
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert not any(module.training or module._forward_hooks for module in network.modules())  # noqa: SLF001  torch shows them nowhere else
    assert all(p.requires_grad and p.grad is None for p in network.parameters())


def test_a_graph_that_cannot_be_read_gives_no_maps(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = make(smooth_map(), "2", ("1",), tmp_path)
    lower = make_lower(made.layers, made.path, None, made.served, PIXELS)

    assert lower.maps is None
    assert lower.reason.startswith("below '1' the graph computes Gelu, and only piecewise linear")


def test_a_usual_map_of_no_module_of_its_own_needs_a_name(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = make(networks.Shared(), "wide", (), tmp_path)

    assert made.lower.maps is None
    words = "no module of the network puts out 'gelu' and runs once; name one that does with"
    assert words in made.lower.reason


def test_maps_that_differ_from_the_graph_are_not_given(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = make(smooth_map(), "2", ("1",), tmp_path)
    other = smooth_map().eval()
    lower = make_lower(made.layers, made.path, other, made.served, PIXELS)
    assert lower.maps is None
    assert "layer '1', run by itself, differs by" in lower.reason

    elsewhere = dataclasses.replace(made.layers, modules=("2",))
    lower = make_lower(elsewhere, made.path, made.network, made.served, PIXELS)
    assert lower.maps is None
    words = r"layer '1', run by itself, has the shape (64, 16), and (64, 4, 2, 2) in the whole"
    assert words in lower.reason


def test_a_network_that_cannot_be_run_apart_gives_its_error(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = make(smooth_map(), "2", ("1",), tmp_path)
    lost = dataclasses.replace(made.layers, modules=("7",))
    lower = make_lower(lost, made.path, made.network, made.served, PIXELS)

    assert lower.maps is None
    assert "the network below '1' could not be run by itself: --attribute-layers must" in (
        lower.reason
    )


def test_a_graph_of_one_image_at_a_time_is_read_for_many(
    make_onnx: MakeOnnx, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    constants = {"w": rng.normal(size=(16, 3)).astype(np.float32)}
    constants["k"] = rng.normal(size=(4, 1, 3, 3)).astype(np.float32)
    nodes = [node("Conv", "image k", "c"), node("Relu", "c", "r"), node("Flatten", "r", "flat")]
    nodes += [node("MatMul", "flat w", "out")]
    path = make_onnx(nodes, constants, [("out", (1, 3))], image=(1, 1, 4, 4))
    layers = find_layers(path, "flat", (), {})
    tap(path, "flat", None, tmp_path / "network.onnx", layers.taps())
    served = Network.load(tmp_path / "network.onnx")
    lower = make_lower(layers, tmp_path / "network.onnx", None, served, PIXELS)

    assert (lower.layers, lower.reason, served.batch) == (("r",), "", 1)
    assert lower.maps is not None
    assert lower.maps(torch.from_numpy(PIXELS))[0].shape == (70, 4, 2, 2)


def test_a_layer_of_three_axes_is_read_flat(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    constants = {"s": np.array([0, 4, 4], np.int64), "a": np.array([2], np.int64)}
    nodes = [node("Reshape", "image s", "r"), node("ReduceMax", "r a", "out", keepdims=0)]
    path = make_onnx(nodes, constants, [("out", ("batch", 4))])
    layers = find_layers(path, "r", ("r",), {})
    tap(path, "r", None, tmp_path / "network.onnx", layers.taps())
    served = Network.load(tmp_path / "network.onnx")
    lower = make_lower(layers, tmp_path / "network.onnx", None, served, PIXELS)

    assert lower.reason == ""
    assert lower.maps is not None
    (found,) = lower.maps(torch.from_numpy(PIXELS))
    np.testing.assert_array_equal(found.numpy(), PIXELS.reshape(70, 16))
    np.testing.assert_array_equal(served.run_many(PIXELS)["intermediate"], found.numpy())
    assert [o.name for o in onnx.load(tmp_path / "network.onnx").graph.output] == ["out", "r"]


def test_a_layer_that_runs_twice_gives_its_last_output() -> None:
    torch.manual_seed(0)
    network = networks.Shared().eval()
    tapped = Tapped(network, [network.act])
    image = torch.from_numpy(PIXELS)
    tapped(image)
    _, last = tapped(image)
    tapped.release()

    assert last.shape == (70, 8)
    torch.testing.assert_close(last, by_torch(network, "act", image))
