"""A network with its taps, and with what lies above the explained map where that is read."""

import dataclasses
from pathlib import Path
from typing import final

import numpy as np
from torch import nn

from explainers.arrays import FloatArray
from explainers.fitting_contract import Upper
from explainers.registry import METHODS
from reasoned.inference import Network
from reasoned.network.exporting import export
from reasoned.network.tapping import TappedGraph, tap
from reasoned.network.upper import CHECKED, Origin, channel_map, find_upper, make_upper
from reasoned.network.upper_graph import UpperGraph

NOT_READ = "no packaged method reads it"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Plain:
    """A network as ONNX, before it is tapped.

    Attributes
    ----------
    path
        The file.
    layer
        The explained layer, as its user calls it.
    value
        The graph's value that holds it, or None to look `layer` up.
    boundary_layer
        The node or value whose boundaries are explained, or None for the usual one.
    origin
        The torch network that it was exported from, or None.

    """

    path: Path
    layer: str
    value: str | None
    boundary_layer: str | None
    origin: Origin | None = None


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

    """

    tapped: TappedGraph
    network: Network
    upper: Upper | None = None
    upper_reason: str = NOT_READ
    channel_map: FloatArray | None = None


def reads_boundaries(methods: tuple[str, ...]) -> bool:
    """Say whether one of the methods needs the taps ``psi`` and ``boundary``."""
    return any(METHODS[name].reads & {"psi", "boundary"} for name in methods if name in METHODS)


def export_plain(
    network: nn.Module,
    layers: tuple[str, str | None],
    shape: tuple[int, int, int],
    path: Path,
) -> Plain:
    """Write a torch network as ONNX.

    Parameters
    ----------
    network
        In eval mode.
    layers
        The modules whose output is explained and whose boundaries are; None for the usual.
    shape
        (channels, rows, columns) of the input.
    path
        Where the file goes.

    """
    layer, boundary_layer = layers
    apart = boundary_layer if boundary_layer != layer else None
    export(network, layer, shape, path, apart)
    value = None if boundary_layer is None else "hidden" if apart is None else "psi"
    return Plain(path, layer, "hidden", value, Origin(network, boundary_layer))


def tap_network(
    plain: Plain, target: Path, pixels: FloatArray, *, reads: bool, threads: int
) -> TappedNetwork:
    """Declare the taps of a graph, load it, and read what lies above the explained map.

    Parameters
    ----------
    plain
        The graph.
    target
        Where the tapped graph goes.
    pixels
        Shape (images, channels, rows, columns). Training images, for the comparison of
        the whole network with the part above the explained map.
    reads
        Whether that part is read by any method; without it nothing of it is done.
    threads
        For onnxruntime.

    Raises
    ------
    NetworkError
        When the graph cannot be tapped, or does not hold the layers named.

    """
    above: UpperGraph | str = NOT_READ
    if reads:
        above = find_upper(
            plain.path, plain.value or plain.layer, plain.boundary_layer, plain.origin
        )
    if not isinstance(above, str):
        tapped = tap(plain.path, plain.layer, plain.value, target, above.taps())
        network = Network.load(target, threads=threads)
        upper = make_upper(above, plain.origin, network, np.array(pixels[:CHECKED]))
        if not isinstance(upper, str):
            return TappedNetwork(tapped, network, upper, "", channel_map(above))
        above = upper
    tapped = tap(plain.path, plain.layer, plain.value, target)
    return TappedNetwork(tapped, Network.load(target, threads=threads), None, above)
