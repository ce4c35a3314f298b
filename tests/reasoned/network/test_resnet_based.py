"""The paper's predictor for colour images and drawings."""

import pytest
import torch
from torch import nn

from reasoned.network.exporting import Tapped, find_layer
from reasoned.network.resnet_based import LAYER, TAPPED, BasicBlock, ResnetBased


@pytest.mark.parametrize(("shape", "side"), [((1, 28, 28), 7), ((3, 32, 32), 8)])
def test_the_taps_are_stage_3_and_the_first_block_of_stage_4(
    shape: tuple[int, int, int], side: int
) -> None:
    network = ResnetBased(*shape).eval()
    tapped = Tapped(network, [find_layer(network, name) for name in (*TAPPED, LAYER)])
    with torch.no_grad():
        logits, third, fourth, hidden = tapped(torch.zeros(2, *shape))

    assert (third.shape, fourth.shape) == ((2, 256, side, side), (2, 512, 4, 4))
    assert (logits.shape, hidden.shape) == ((2, 10), (2, 512))


def test_it_has_the_published_size() -> None:
    network = ResnetBased()
    blocks = 2 * (2 * 64 * 64 * 9)
    for before, after in ((64, 128), (128, 256), (256, 512)):
        blocks += before * after * 9 + 3 * after * after * 9 + before * after
    rest = 3 * 64 * 9 + 64 + 512 * 512 + 512 + 512 * 10 + 10

    assert sum(p.numel() for p in network.parameters()) == blocks + rest
    assert not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    biased = [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.bias is not None]
    assert len(biased) == 1


def test_a_block_adds_what_it_was_given() -> None:
    torch.manual_seed(0)
    block = BasicBlock(4, 4, 1)
    given = torch.randn(2, 4, 5, 5)
    for parameter in block.parameters():
        parameter.data.zero_()

    torch.testing.assert_close(block(given), given.clamp(min=0), rtol=0, atol=0)


def test_a_block_that_changes_the_size_has_a_shortcut_of_its_own() -> None:
    block = BasicBlock(4, 6, 2)

    assert isinstance(block.shortcut, nn.Conv2d)
    assert block(torch.zeros(2, 4, 7, 7)).shape == (2, 6, 4, 4)


@pytest.mark.parametrize("shape", [(3, 25, 40), (3, 64, 64)])
def test_it_fits_larger_images(shape: tuple[int, int, int]) -> None:
    assert ResnetBased(*shape, 7).eval()(torch.zeros(1, *shape)).shape == (1, 7)
