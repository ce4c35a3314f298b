"""A whole network as torch modules: the same numbers, and gradients."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.network.exporting import export
from reasoned.network.onnx_torch import split_network
from reasoned.network.reference import ReferenceNetwork
from reasoned.network.tapping import tap
from tests.reasoned import small_networks as nets
from tests.reasoned.network import upper_networks as above
from tests.reasoned.network.conftest import Exporter


@pytest.mark.parametrize(
    ("factory", "layer", "shape"),
    [
        (lambda: ReferenceNetwork(3, 12, 9, 4), "hidden", (3, 12, 9)),
        (nets.normalised, "2", (3, 4, 4)),
    ],
)
def test_a_split_network_gives_what_the_graph_gives(
    tmp_path: Path, factory: Callable[[], nn.Module], layer: str, shape: tuple[int, int, int]
) -> None:
    torch.manual_seed(0)
    export(factory().eval(), layer, shape, tmp_path / "plain.onnx")
    same_as_served(tmp_path / "plain.onnx", torch.randn(3, *shape), tmp_path)


@pytest.mark.parametrize("factory", [above.averaged, above.Skip, above.pooled])
def test_other_heads_are_split_too(
    exported: Exporter, tmp_path: Path, factory: Callable[[], nn.Module]
) -> None:
    torch.manual_seed(0)
    same_as_served(exported(factory).path, torch.randn(3, 1, 4, 4), tmp_path)


def same_as_served(plain: Path, images: torch.Tensor, folder: Path) -> None:
    tap(plain, "hidden", "hidden", folder / "network.onnx")
    served = Network.load(folder / "network.onnx").run_many(images.numpy())
    split = split_network(folder / "network.onnx")
    psi = split.lower(images)

    np.testing.assert_allclose(psi.numpy(), served["convolution"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(split.upper(psi).numpy(), served["logits"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(split(images).numpy(), served["logits"], rtol=1e-5, atol=1e-5)


def test_gradients_are_those_of_the_torch_network(exported: Exporter) -> None:
    made = exported(above.pooled)
    split = split_network(made.path, "hidden")
    image = torch.randn(2, 1, 4, 4, requires_grad=True)
    (expected,) = torch.autograd.grad(made.network(image)[:, 1].sum(), image)
    (found,) = torch.autograd.grad(split(image)[:, 1].sum(), image)

    np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)


def test_the_lower_part_can_be_hooked(exported: Exporter) -> None:
    split, seen = split_network(exported(above.pooled).path, "hidden"), []
    split.lower.register_forward_hook(lambda *found: seen.append(found[2].shape))
    split(torch.zeros(2, 1, 4, 4))

    assert seen == [(2, 4, 4, 4)]
    assert {name for name, _ in split.named_children()} == {"lower", "upper"}


def test_the_tap_psi_comes_before_the_last_map(exported: Exporter, tmp_path: Path) -> None:
    plain, taps = exported(above.pooled).path, {"psi": "hidden", "boundary": "hidden"}
    tap(plain, "1", "hidden", tmp_path / "network.onnx", taps)

    assert split_network(tmp_path / "network.onnx").lower.result == "hidden"
    assert split_network(plain).lower.result == "max_pool2d"


def test_a_network_that_goes_around_the_map_is_not_split(exported: Exporter) -> None:
    with pytest.raises(NetworkError, match="cannot be split at 'hidden', since of the logits: Add"):
        split_network(exported(above.Skip).path, "hidden")


def test_a_network_without_a_map_needs_a_value(tmp_path: Path) -> None:
    export(nets.perceptron().eval(), "1", (1, 4, 4), tmp_path / "plain.onnx")
    with pytest.raises(NetworkError, match="no convolutional map to split at; name a value of it"):
        split_network(tmp_path / "plain.onnx")

    assert split_network(tmp_path / "plain.onnx", "hidden")(torch.zeros(2, 1, 4, 4)).shape == (2, 4)


def test_a_smooth_head_is_not_split(exported: Exporter) -> None:
    with pytest.raises(NetworkError, match="computes Gelu, and only piecewise linear operators"):
        split_network(exported(above.smooth).path)
