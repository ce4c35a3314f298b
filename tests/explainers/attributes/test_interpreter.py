"""Psi, head and decoder as modules."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from explainers.attributes.fitting.architecture import Architecture, Shape
from explainers.attributes.fitting.interpreter import Interpreter, Psi
from explainers.attributes.fitting.presets import CIFAR10, MNIST, QUICKDRAW, Preset


def count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_paper_s_mnist_interpreter_has_its_size() -> None:
    made = Interpreter(((32, 14, 14),), (1, 28, 28), 10, MNIST.architecture)
    convolution, affine = 32 * 64 * 9 + 64, 576 * 25 + 25

    assert count(made.psi) == convolution + affine == 32_921
    assert count(made.head) == 25 * 10 + 10
    assert made.psi.joining is None


@pytest.mark.parametrize(("preset", "side"), [(QUICKDRAW, 7), (CIFAR10, 8)])
def test_the_paper_s_two_taps_have_their_size(preset: Preset, side: int) -> None:
    psi = Psi(((256, side, side), (512, 4, 4)), preset.architecture)
    j = preset.architecture.attributes

    first, second, joining = 256 * 64 * 9 + 64, 512 * 64 * 9 + 64, 128 * 64 * 9 + 64
    assert count(psi) == first + second + joining + 576 * j + j
    phi = psi((torch.zeros(3, 256, side, side), torch.zeros(3, 512, 4, 4)))
    assert phi.shape == (3, j)


def test_psi_is_what_is_written_down() -> None:
    made = Architecture(attributes=4, width=6, inner_slope=0.1, outer_slope=0.0)
    torch.manual_seed(0)
    psi = Psi(((5, 8, 8), (7, 4, 4)), made)
    drawn = torch.Generator().manual_seed(1)
    one = torch.randn((2, 5, 8, 8), generator=drawn)
    two = torch.randn((2, 7, 4, 4), generator=drawn)

    first, second = psi.convolutions
    assert isinstance(first, torch.nn.Conv2d)
    assert isinstance(second, torch.nn.Conv2d)
    assert psi.joining is not None
    a = functional.conv2d(one, first.weight, first.bias, 2, 1)
    b = functional.conv2d(two, second.weight, second.bias, 1, 1)
    joined = torch.cat([torch.where(m > 0, m, 0.1 * m) for m in (a, b)], 1)
    c = functional.conv2d(joined, psi.joining.weight, psi.joining.bias, 1, 1)
    pooled = functional.adaptive_avg_pool2d(torch.where(c > 0, c, 0.1 * c), 3).reshape(2, -1)
    expected = (pooled @ psi.attributes.weight.T + psi.attributes.bias).clamp(min=0)

    torch.testing.assert_close(psi((one, two)), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("slope", [0.0, 0.01])
def test_attributes_are_not_negative_unless_asked(slope: float) -> None:
    torch.manual_seed(0)
    psi = Psi(((4, 6, 6),), Architecture(outer_slope=slope))
    lowest = float(psi((torch.randn(50, 4, 6, 6),)).detach().min())

    assert (lowest < 0) == (slope > 0)


@pytest.mark.parametrize("shape", [(4, 9, 6), (4, 2, 2), (4, 1, 1)])
@pytest.mark.parametrize("pool", [1, 2])
def test_psi_fits_maps_of_any_size(shape: Shape, pool: int) -> None:
    psi = Psi((shape,), Architecture(attributes=3, pool=pool))

    assert psi((torch.zeros(2, *shape),)).shape == (2, 3)


def test_a_flat_layer_is_a_map_of_one_place() -> None:
    torch.manual_seed(0)
    psi = Psi(((4, 1, 1),), Architecture(attributes=3))
    given = torch.randn(2, 4)

    torch.testing.assert_close(psi((given,)), psi((given[:, :, None, None],)), rtol=0, atol=0)


def test_g_is_the_sum_of_contributions_and_bias() -> None:
    torch.manual_seed(0)
    made = Interpreter(((4, 6, 6),), (1, 12, 12), 3, Architecture(attributes=5)).eval()
    found = made((torch.randn(7, 4, 6, 6),))
    alpha = found.phi[:, None, :] * made.class_weights  # (images, classes, attributes)

    torch.testing.assert_close(found.logits, alpha.sum(2) + made.head.bias, rtol=0, atol=1e-5)


def test_a_positive_head_has_no_negative_weight() -> None:
    torch.manual_seed(0)
    made = Interpreter(((4, 6, 6),), (1, 12, 12), 3, Architecture(positive_head=True))
    weights = made.class_weights.detach().numpy()

    assert made.head.weight.min() < 0
    assert (weights > 0).all()
    np.testing.assert_allclose(
        weights, np.log1p(np.exp(made.head.weight.detach().numpy())), rtol=1e-5
    )


def test_dropout_is_for_training_only() -> None:
    torch.manual_seed(0)
    made = Interpreter(((4, 6, 6),), (1, 12, 12), 3, Architecture(head_dropout=0.5))
    maps = (torch.randn(7, 4, 6, 6),)
    one, two = made.eval()(maps), made(maps)
    trained = made.train()(maps)

    torch.testing.assert_close(one.logits, two.logits, rtol=0, atol=0)
    assert not torch.equal(one.logits, trained.logits)
    torch.testing.assert_close(one.phi, trained.phi, rtol=0, atol=0)
