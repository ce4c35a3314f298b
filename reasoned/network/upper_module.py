"""The network above psi by the user's own torch module, where the graph cannot be read."""

import collections
import copy
import functools
from typing import final

import torch
from torch import nn

from explainers.arrays import FloatArray
from reasoned.network.exporting import find_layer
from reasoned.network.upper_graph import UpperGraph
from reasoned.network.upper_torch import TorchUpper

_CLOSE = 1e-3


@final
class FromLayer(nn.Module):
    """A network in which what one layer puts out is given.

    The layers below it run on images of zeros, and nothing of them is used.
    """

    def __init__(self, network: nn.Module, layer: str, image: tuple[int, int, int]) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).double().eval().requires_grad_(requires_grad=False)
        self.image = image
        given: list[torch.Tensor] = []
        self._given = given

        def replace(_module: nn.Module, _inputs: object, _output: object) -> torch.Tensor:
            # A layer above may write in place.
            return given[-1].clone()

        find_layer(self.network, layer).register_forward_hook(replace)

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        """Give logits for a batch of the layer's outputs."""
        self._given.append(points)
        try:
            images = torch.zeros(len(points), *self.image, dtype=points.dtype)
            logits: torch.Tensor = self.network(images)
        finally:
            self._given.pop()
        return logits


def module_upper(
    above: UpperGraph, network: nn.Module, layer: str, image: tuple[int, int, int]
) -> TorchUpper:
    """Read the network from a module's output on; `above` has psi as its boundary space."""
    return TorchUpper(FromLayer(network, layer, image), above.shape(above.psi), above.approximate)


def module_giving(network: nn.Module, pixels: FloatArray, psi: FloatArray) -> str | None:
    """Name the module that puts out psi, or give None.

    Parameters
    ----------
    network
        In eval mode.
    pixels
        Shape (images, channels, rows, columns).
    psi
        Shape (images, channels, rows, columns) or (images, features). What the graph gives
        for them.

    """
    watch = _Watch(torch.from_numpy(psi))
    hooks = [
        module.register_forward_hook(functools.partial(watch.note, name))
        for name, module in network.named_modules()
        if name
    ]
    try:
        with torch.no_grad():
            network(torch.from_numpy(pixels))
    finally:
        for hook in hooks:
            hook.remove()
    # A module that runs twice would be replaced twice.
    return next((name for name in reversed(watch.giving) if watch.runs[name] == 1), None)


@final
class _Watch:
    """Notes which modules run, and which of them give what is wanted."""

    def __init__(self, wanted: torch.Tensor) -> None:
        self.wanted = wanted
        self.limit = _CLOSE * float(wanted.abs().max())
        self.runs = collections.Counter[str]()
        self.giving: list[str] = []

    def note(self, name: str, _module: nn.Module, _inputs: object, output: object) -> None:
        self.runs[name] += 1
        if not isinstance(output, torch.Tensor) or output.shape != self.wanted.shape:
            return
        if float((output - self.wanted).abs().max()) <= self.limit:
            self.giving.append(name)
