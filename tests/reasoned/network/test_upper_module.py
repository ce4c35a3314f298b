"""The user's own module from a layer on, where the graph cannot be read."""

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray
from reasoned.network.upper_graph import UpperGraph
from reasoned.network.upper_module import FromLayer, module_giving, module_upper
from reasoned.network.upper_torch import TorchUpper
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import Exporter
from tests.reasoned.network.test_upper_graph import seen

PIXELS = np.random.default_rng(0).normal(size=(5, 1, 4, 4)).astype(np.float32)


def psi_of(network: nn.Module, layer: str) -> FloatArray:
    kept: list[torch.Tensor] = []
    handle = network.get_submodule(layer).register_forward_hook(lambda *a: kept.append(a[2]))
    with torch.no_grad():
        network(torch.from_numpy(PIXELS))
    handle.remove()
    found: FloatArray = kept[0].numpy()
    return found


def test_a_smooth_head_is_run_from_the_map_on(exported: Exporter) -> None:
    network = exported(networks.smooth).network
    above = seen(exported(networks.smooth).path)
    assert isinstance(above, UpperGraph)
    upper = module_upper(above.in_psi(), network, "1", (1, 4, 4))
    psi = psi_of(network, "1").reshape(5, -1).astype(np.float64)
    with torch.no_grad():
        expected = network(torch.from_numpy(PIXELS)).numpy()
    first, second = np.zeros(5, np.int64), np.array([1, 2, 1, 2, 1])
    normals, offsets = upper.local(psi, first, second)
    gaps = expected[np.arange(5), first] - expected[np.arange(5), second]

    assert upper.approximate.startswith("Gelu is not piecewise linear")
    np.testing.assert_allclose(upper.logits(psi), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose((normals * psi).sum(axis=1) + offsets, gaps, rtol=1e-4, atol=1e-5)


def test_the_module_that_gives_psi_is_found() -> None:
    torch.manual_seed(0)
    network = networks.smooth().eval()

    assert module_giving(network, PIXELS, psi_of(network, "1")) == "1"
    assert module_giving(network, PIXELS, psi_of(network, "2")) == "2"  # the same, flattened
    assert module_giving(network, PIXELS, psi_of(network, "0")) == "0"
    assert module_giving(network, PIXELS, psi_of(network, "0") + 1) is None


def test_a_module_that_runs_twice_is_not_taken() -> None:
    torch.manual_seed(0)
    network = networks.Shared().eval()

    assert module_giving(network, PIXELS, psi_of(network, "act")) is None
    assert module_giving(network, PIXELS, psi_of(network, "conv")) == "conv"


def test_the_users_network_stays_as_it_was() -> None:
    network = networks.smooth()
    found = FromLayer(network, "1", (1, 4, 4))
    found(torch.zeros(2, 4, 2, 2, dtype=torch.float64))
    module_giving(network, PIXELS, psi_of(network, "1"))

    assert next(network.parameters()).dtype == torch.float32
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert not any(module._forward_hooks for module in network.modules())  # noqa: SLF001  torch shows them nowhere else


def test_a_layer_above_may_write_in_place() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(16, 5), nn.ReLU(inplace=True), nn.Linear(5, 3))
    upper = TorchUpper(FromLayer(network, "1", (1, 4, 4)), (5,))
    points = np.random.default_rng(1).normal(size=(7, 5))
    normals, offsets = upper.local(points, np.zeros(7, np.int64), np.ones(7, np.int64))
    logits = upper.logits(points)

    np.testing.assert_allclose(
        (normals * points).sum(axis=1) + offsets, logits[:, 0] - logits[:, 1], rtol=0, atol=1e-12
    )
