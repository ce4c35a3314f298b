"""The paper's predictor for small grey images."""

import pytest
import torch
from torch import nn

from reasoned.network.exporting import Tapped, find_layer
from reasoned.network.lenet_based import LAYER, TAPPED, LenetBased


def test_it_has_the_published_layers() -> None:
    network = LenetBased()
    kinds = [type(layer).__name__ for layer in network.features]

    assert kinds == ["Conv2d", "ReLU", "Conv2d", "MaxPool2d", "Dropout", "ReLU"]
    assert sum(p.numel() for p in network.features.parameters()) == 160 + 4_640
    assert sum(p.numel() for p in network.hidden.parameters()) == 6_272 * 128 + 128
    assert sum(p.numel() for p in network.head.parameters()) == 1_290
    dropouts = [m.p for m in network.modules() if isinstance(m, nn.Dropout)]
    assert dropouts == [0.5, 0.5]


def test_the_tap_is_a_map_of_32_x_14_x_14() -> None:
    network = LenetBased().eval()
    tapped = Tapped(network, [find_layer(network, name) for name in (*TAPPED, LAYER)])
    with torch.no_grad():
        logits, features, hidden = tapped(torch.zeros(2, 1, 28, 28))

    assert (logits.shape, features.shape) == ((2, 10), (2, 32, 14, 14))
    assert hidden.shape == (2, 128)
    assert float(features.min()) >= 0


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 29, 30), (3, 2, 2)])
def test_it_fits_images_of_any_size(shape: tuple[int, int, int]) -> None:
    assert LenetBased(*shape, 7).eval()(torch.zeros(2, *shape)).shape == (2, 7)
