"""How far the exported graph is from torch."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reasoned.errors import NetworkError
from reasoned.fitting.export_difference import export_difference
from reasoned.inference import Network
from reasoned.network.exporting import export
from reasoned.network.tapping import tap
from tests.reasoned.small_networks import perceptron, with_softmax

PIXELS = np.random.default_rng(0).normal(size=(9, 1, 4, 4)).astype(np.float32)


def exported(network: nn.Module, folder: Path) -> Network:
    export(network.eval(), "2", (1, 4, 4), folder / "plain.onnx")
    tap(folder / "plain.onnx", "2", "hidden", folder / "network.onnx")
    return Network.load(folder / "network.onnx")


def test_a_softmax_at_the_end_is_looked_through(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = with_softmax()

    assert export_difference(network, exported(network, tmp_path), PIXELS) <= 1e-4


def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    served = exported(perceptron(), tmp_path)
    words = "the exported graph differs from torch by .* and at most 0.0001 is accepted"
    with pytest.raises(NetworkError, match=words):
        export_difference(perceptron().eval(), served, PIXELS)
