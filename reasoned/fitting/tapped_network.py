"""A network with its taps, and with what lies above or below a layer where that is read."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import final

import numpy as np
from torch import nn

from explainers.arrays import FloatArray
from explainers.fitting_contract import Lower, Upper
from explainers.registry import METHODS
from reasoned.inference import Network
from reasoned.inference.session import LAYERS
from reasoned.network.exporting import export
from reasoned.network.lower import make_lower
from reasoned.network.lower_layers import LowerLayers, find_layers
from reasoned.network.tapping import TappedGraph, tap
from reasoned.network.upper import CHECKED, Origin, channel_map, find_upper, make_upper

NOT_READ = "no packaged method reads it"
BOUNDARIES = frozenset({"psi", "boundary"})


@final
@dataclasses.dataclass(frozen=True)
class Layers:
    """The layers that a fit reads, as their user calls them.

    Attributes
    ----------
    explained
        The explained layer.
    boundary
        The map whose boundaries are explained, or None for the usual one.
    attributes
        The one or two layers that attribute functions read; none for the usual one.

    """

    explained: str
    boundary: str | None = None
    attributes: tuple[str, ...] = ()

    def further(self) -> dict[str, str]:
        """Give those beside the explained one, by the names of their taps."""
        found = {} if self.boundary is None else {"psi": self.boundary}
        return found | dict(zip(LAYERS, self.attributes, strict=False))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Plain:
    """A network as ONNX, before it is tapped.

    Attributes
    ----------
    path
        The file.
    layers
        To be tapped.
    held
        The graph's outputs that hold them, by the names of the taps; empty to look them up.
    module
        The torch network that it was exported from, or None.

    """

    path: Path
    layers: Layers
    held: Mapping[str, str] = dataclasses.field(default_factory=dict)
    module: nn.Module | None = None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TappedNetwork:
    """What a fit reads of a network.

    Attributes
    ----------
    tapped
        The graph with its taps.
    network
        The same, loaded.
    upper
        The network above the explained map, or None; `upper_reason` then says why.
    channel_map
        Shape (units, channels); see `explainers.fitting_contract.FittingData`.
    lower
        The network below the layers that attribute functions read, or None.

    """

    tapped: TappedGraph
    network: Network
    upper: Upper | None = None
    upper_reason: str = NOT_READ
    channel_map: FloatArray | None = None
    lower: Lower | None = None


def taps_read(methods: tuple[str, ...]) -> frozenset[str]:
    """Name the taps that the methods read of their own, such as ``psi`` or ``intermediate``."""
    return frozenset[str]().union(*(METHODS[name].reads for name in methods if name in METHODS))


def export_plain(
    network: nn.Module, layers: Layers, shape: tuple[int, int, int], path: Path
) -> Plain:
    """Write a torch network as ONNX.

    Parameters
    ----------
    network
        In eval mode.
    layers
        Modules of it.
    shape
        (channels, rows, columns) of the input.
    path
        Where the file goes.

    """
    held = export(network, layers.explained, shape, path, layers.further())
    return Plain(path, layers, held, network)


def tap_network(
    plain: Plain, target: Path, pixels: FloatArray, *, reads: frozenset[str], threads: int
) -> TappedNetwork:
    """Declare the taps of a graph, load it, and read what lies above and below.

    Parameters
    ----------
    plain
        The graph.
    target
        Where the tapped graph goes.
    pixels
        Shape (images, channels, rows, columns). Training images, for the comparison of
        the whole network with the parts that are run by themselves.
    reads
        The taps that methods read; nothing is done for those that none reads.
    threads
        For onnxruntime.

    Raises
    ------
    NetworkError
        When the graph cannot be tapped, or does not hold the layers named.

    """
    below: LowerLayers | None = None
    if reads & set(LAYERS):
        layers = plain.layers
        below = find_layers(plain.path, layers.explained, layers.attributes, plain.held)
    more = {} if below is None else below.taps()
    if reads & BOUNDARIES:
        found = _with_upper(plain, target, pixels, more, threads)
    else:
        found = _tapped(plain, target, more, threads, NOT_READ)
    if below is None:
        return found
    lower = make_lower(below, target, plain.module, found.network, pixels)
    return dataclasses.replace(found, lower=lower)


def _with_upper(
    plain: Plain, target: Path, pixels: FloatArray, more: dict[str, str], threads: int
) -> TappedNetwork:
    layers, held = plain.layers, plain.held
    origin = None if plain.module is None else Origin(plain.module, layers.boundary)
    hidden, boundary = held.get("hidden", layers.explained), held.get("psi", layers.boundary)
    above = find_upper(plain.path, hidden, boundary, origin)
    if isinstance(above, str):
        return _tapped(plain, target, more, threads, above)
    found = _tapped(plain, target, above.taps() | more, threads, "")
    upper = make_upper(above, origin, found.network, np.array(pixels[:CHECKED]))
    if isinstance(upper, str):
        return _tapped(plain, target, more, threads, upper)
    return dataclasses.replace(found, upper=upper, channel_map=channel_map(above))


def _tapped(
    plain: Plain, target: Path, more: dict[str, str], threads: int, reason: str
) -> TappedNetwork:
    tapped = tap(plain.path, plain.layers.explained, plain.held.get("hidden"), target, more)
    return TappedNetwork(tapped, Network.load(target, threads=threads), None, reason)
