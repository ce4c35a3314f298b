"""Networks cut by hand: one set so that a single channel decides, one trained on the digits."""

import dataclasses
from collections.abc import Sequence
from typing import final

import numpy as np
import torch
from torch import nn

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.representative.served.search import DenseTail
from reasoned.evaluation.cut_network import CutNetwork

SIZE = 20
LEVEL = 0.06


@final
class Halves(nn.Module):
    """A network in two."""

    def __init__(self, lower: nn.Module, upper: nn.Module) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.upper(self.lower(image))
        return logits


def cut(lower: nn.Module, to_boundary: nn.Module, dense: Sequence[nn.Linear]) -> CutNetwork:
    """Put ReLU before every dense layer above boundary space."""
    above = [part for layer in dense for part in (nn.ReLU(), layer)]
    tail = DenseTail(
        tuple(_array(layer.weight) for layer in dense),
        tuple(_array(layer.bias) for layer in dense),
        (0.0,) * len(dense),
    )
    whole = Halves(lower, nn.Sequential(to_boundary, *above)).eval()
    return CutNetwork(whole, to_boundary, tail)


def one_channel() -> CutNetwork:
    """Give class 1 where the mean of channel 0 of psi is above `LEVEL`, else class 0.

    Channel 0 is the local mean of the image, channel 1 its horizontal differences; both
    have half the image's rows and columns.
    """
    lower = nn.Conv2d(1, 2, 3, stride=2, padding=1, bias=False)
    kernels = torch.zeros(2, 1, 3, 3)
    kernels[0] = 1 / 9
    kernels[1, 0, 1] = torch.tensor([-1.0, 0.0, 1.0])
    cells = (SIZE // 2) ** 2
    affine, last = nn.Linear(2 * cells, 2), nn.Linear(2, 2)
    weights = torch.zeros(2, 2 * cells)
    weights[0, :cells], weights[1, :cells] = -1 / cells, 1 / cells
    with torch.no_grad():
        lower.weight.copy_(kernels)
        affine.weight.copy_(weights)
        affine.bias.copy_(torch.tensor([LEVEL, -LEVEL]))
        last.weight.copy_(torch.eye(2))
        last.bias.zero_()
    return cut(lower, nn.Sequential(nn.Flatten(), affine), [last])


def patched_images(count: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray, BoolArray]:
    """Draw faint noise, and on every other image a bright patch of 8 x 8.

    Returns
    -------
    The images, which of them have a patch, and the pixels from which a cell of psi that
    sees the patch reads.

    """
    pixels = rng.normal(0, 0.05, (count, 1, SIZE, SIZE)).astype(np.float32)
    patched = np.arange(count, dtype=np.int64) % 2
    field = np.zeros((count, SIZE, SIZE), np.bool_)
    for image in np.flatnonzero(patched):
        row, column = rng.integers(2, SIZE - 10, 2)
        pixels[image, 0, row : row + 8, column : column + 8] += 1.0
        field[image, row - 2 : row + 10, column - 2 : column + 10] = True
    return pixels, patched, field


def trained_on_digits(pixels: FloatArray, labels: IntArray) -> CutNetwork:
    """Train a small network whose psi has 12 channels of 8 x 8."""
    torch.manual_seed(0)
    lower = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU())
    affine = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(12 * 16, 24))
    last = nn.Linear(24, 10)
    found = cut(lower, affine, [last])
    optimiser = torch.optim.Adam(found.whole.parameters(), 0.01)
    images, wanted = torch.from_numpy(pixels), torch.from_numpy(labels)
    for _ in range(120):
        loss = nn.functional.cross_entropy(found.whole(images), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
    tail = DenseTail((_array(last.weight),), (_array(last.bias),), (0.0,))
    return dataclasses.replace(found, above=tail)


def _array(tensor: torch.Tensor) -> DoubleArray:
    return np.array(tensor.detach().double().numpy())
