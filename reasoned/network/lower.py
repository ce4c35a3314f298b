"""The network below the layers that attribute functions read: made callable, and checked."""

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import final

import numpy as np
import torch
from torch import nn

from explainers.arrays import AnyArray, FloatArray
from explainers.fitting_contract import Lower
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.inference.session import LAYERS
from reasoned.network.exporting import Tapped, find_layer
from reasoned.network.graph import Graph, read_graph
from reasoned.network.lower_layers import OPTION, LowerLayers
from reasoned.network.onnx_torch import OnnxModule
from reasoned.network.subgraph import detour
from reasoned.network.upper import BROKEN, CHECKED, MOST_DIFFERENCE
from reasoned.network.upper_module import module_giving

Maps = Callable[[torch.Tensor], tuple[torch.Tensor, ...]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class GraphMaps:
    """The layers by parts of the graph, each from the image or from the layer before."""

    parts: tuple[OnnxModule, ...]

    def __call__(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Give each layer's output for a batch of inputs."""
        values = {self.parts[0].source: images}
        for part in self.parts:
            values[part.result] = part(values[part.source])
        return tuple(_map_or_flat(values[part.result]) for part in self.parts)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ModuleMaps:
    """The layers by a copy of the user's network, where the graph cannot be read."""

    tapped: Tapped

    @classmethod
    def of(cls, network: nn.Module, modules: tuple[str, ...]) -> "ModuleMaps":
        """Copy the network, so that neither hooks nor gradients touch the user's own."""
        own = copy.deepcopy(network).eval().requires_grad_(requires_grad=False)
        return cls(Tapped(own, [find_layer(own, name, OPTION) for name in modules]).eval())

    def __call__(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Give each layer's output for a batch of inputs."""
        _, *maps = self.tapped(images)
        return tuple(_map_or_flat(one) for one in maps)


def _map_or_flat(layer: torch.Tensor) -> torch.Tensor:
    return layer if layer.ndim == 4 else layer.flatten(1)


def make_lower(
    layers: LowerLayers,
    path: Path,
    origin: nn.Module | None,
    network: Network,
    pixels: FloatArray,
) -> Lower:
    """Make the network below the layers callable, and compare it with the graph.

    Parameters
    ----------
    layers
        As `find_layers` gave them.
    path
        The tapped graph, as it is served.
    origin
        The torch network that it was exported from, in eval mode, or None.
    network
        The same graph, loaded.
    pixels
        Shape (images, channels, rows, columns). What to compare on.

    Returns
    -------
    Lower
        Without maps where there are none that agree with the graph; it then says why.

    """
    shown = np.array(pixels[:CHECKED])
    taps = network.run_many(shown)
    expected = [taps[tap] for tap in layers.taps()]
    try:
        maps = _made(layers, read_graph(path), origin, shown, expected)
        if isinstance(maps, str):
            return Lower(layers.names, None, maps)
        with torch.no_grad():
            found = maps(torch.from_numpy(shown))
        reason = _difference(layers.names, found, expected)
    except BROKEN as error:
        reason = f"the network below {_listed(layers.names)} could not be run by itself: {error}"
        return Lower(layers.names, None, reason)
    return Lower(layers.names, None if reason else maps, reason)


def tapped_lower(path: Path, network: Network, names: tuple[str, ...], pixels: FloatArray) -> Lower:
    """Do the same for a graph that is tapped already, such as that of a model folder.

    Parameters
    ----------
    path
        The tapped graph.
    network
        The same, loaded.
    names
        What its user calls the tapped layers.
    pixels
        Shape (images, channels, rows, columns). What to compare on.

    """
    values = tuple(network.taps[tap] for tap in LAYERS if tap in network.taps)
    return make_lower(LowerLayers(names, values), path, None, network, pixels)


def _made(
    layers: LowerLayers,
    graph: Graph,
    origin: nn.Module | None,
    pixels: FloatArray,
    expected: list[AnyArray],
) -> Maps | str:
    try:
        return _graph_maps(graph, layers.values)
    except NetworkError as error:
        if origin is None:
            return f"below {_listed(layers.names)} {error}"
    modules = layers.modules
    if not modules:
        giving = module_giving(origin, pixels, expected[0])
        if giving is None:
            return (
                f"no module of the network puts out {layers.names[0]!r} and runs once; name one "
                f"that does with {OPTION} (`reasoned layers` lists them)"
            )
        modules = (giving,)
    return ModuleMaps.of(origin, modules)


def _graph_maps(graph: Graph, values: tuple[str, ...]) -> GraphMaps:
    parts = [OnnxModule(graph, graph.input_name, values[0]).eval()]
    for value in values[1:]:
        passed_by = detour(graph, values[0], value)
        start = graph.input_name if passed_by else values[0]
        parts.append(OnnxModule(graph, start, value).eval())
    return GraphMaps(tuple(parts))


def _difference(
    names: tuple[str, ...], found: tuple[torch.Tensor, ...], expected: list[AnyArray]
) -> str:
    """Say which layer is not what the graph gives; nothing where all are."""
    for name, layer, wanted in zip(names, found, expected, strict=True):
        if layer.shape != wanted.shape:
            return (
                f"layer {name!r}, run by itself, has the shape {tuple(layer.shape)}, and "
                f"{wanted.shape} in the whole network"
            )
        apart = float(np.abs(layer.numpy() - wanted).max())
        if not apart <= MOST_DIFFERENCE * float(np.abs(wanted).max()):
            return (
                f"layer {name!r}, run by itself, differs by {apart:.2g} from what it is in the "
                "whole network"
            )
    return ""


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(repr(name) for name in names)
