"""The network above the explained map: found in the graph, made callable, and checked."""

import dataclasses
from pathlib import Path
from typing import final

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray
from explainers.fitting_contract import Upper
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.network.graph import find_last_map, find_logits, read_graph
from reasoned.network.onnx_torch import OnnxModule
from reasoned.network.tapping import layer_value
from reasoned.network.upper_dense import dense_tail
from reasoned.network.upper_graph import UpperGraph, read_upper
from reasoned.network.upper_module import module_giving, module_upper
from reasoned.network.upper_torch import torch_upper

CHECKED = 64
MOST_DIFFERENCE = 1e-3
BROKEN = (RuntimeError, ValueError, TypeError, IndexError, KeyError, NetworkError)
_AT_ONCE = 2**22


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Origin:
    """The torch network that a graph was exported from.

    Attributes
    ----------
    network
        In eval mode.
    layer
        The module that puts out the explained map, or None to look for it.

    """

    network: nn.Module
    layer: str | None


def find_upper(
    source: Path, layer: str, boundary_layer: str | None, origin: Origin | None = None
) -> UpperGraph | str:
    """Look for the explained map and what lies above it.

    Parameters
    ----------
    source
        An ONNX file, not tapped yet.
    layer
        The explained layer's node or value.
    boundary_layer
        The node or value whose boundaries are explained, or None for the last
        convolutional map, and `layer` where there is none.
    origin
        What the graph was exported from, or None where it came as ONNX.

    Returns
    -------
    UpperGraph or str
        Why the boundaries of this network cannot be explained, where they cannot.

    """
    graph = read_graph(source)
    logits = find_logits(graph)
    if boundary_layer is not None:
        psi = layer_value(graph, boundary_layer, "--boundary-layer")
    else:
        psi = find_last_map(graph, logits) or layer_value(graph, layer)
    found = read_upper(graph, psi, logits)
    if isinstance(found, str) or not found.obstacles:
        return found
    if origin is None:
        return f"{found.approximate}; an ONNX graph is read only where it is piecewise linear"
    # The graph cannot be read here; the module that it came from can be run from psi on.
    return found.in_psi()


def make_upper(
    above: UpperGraph, origin: Origin | None, network: Network, pixels: FloatArray
) -> Upper | str:
    """Make the network above the explained map callable, and compare it with the graph.

    Parameters
    ----------
    above
        As `find_upper` gave it.
    origin
        As it was given to `find_upper`.
    network
        The graph, with the tap ``boundary``.
    pixels
        Shape (images, channels, rows, columns). What to compare on.

    Returns
    -------
    Upper or str
        Why there is none, where there is none.

    """
    taps = network.run_many(pixels)
    try:
        upper = _made(above, origin, network, pixels, taps["boundary"])
        if isinstance(upper, str):
            return upper
        found = upper.logits(taps["boundary"].astype(np.float64))
        difference = float(np.abs(found - taps["logits"]).max())
    except BROKEN as error:
        return f"the network above {above.psi!r} could not be run by itself: {error}"
    if not difference <= MOST_DIFFERENCE * float(np.abs(taps["logits"]).max()):
        return (
            f"the network above {above.psi!r}, run by itself, gives logits that differ by "
            f"{difference:.2g} from those of the whole network"
        )
    return upper


def _made(
    above: UpperGraph,
    origin: Origin | None,
    network: Network,
    pixels: FloatArray,
    boundary: FloatArray,
) -> Upper | str:
    if not above.obstacles:
        return dense_tail(above) or torch_upper(above)
    if origin is None:
        return above.approximate
    psi = boundary.reshape(len(pixels), *above.shape(above.psi))
    layer = origin.layer or module_giving(origin.network, pixels, psi)
    if layer is None:
        return (
            f"no module of the network puts out {above.psi!r} and runs once; name one that does "
            "with --boundary-layer (`reasoned layers` lists them)"
        )
    return module_upper(above, origin.network, layer, network.shape)


def channel_map(above: UpperGraph) -> FloatArray | None:
    """Average the affine map from psi to boundary space over psi's positions.

    Returns
    -------
    FloatArray or None
        Shape (units, channels); None where boundary space is psi itself, or psi is no map.

    """
    shape = above.shape(above.psi)
    if above.boundary == above.psi or len(shape) != 3:
        return None
    module = OnnxModule(above.graph, above.psi, above.boundary).double().eval()
    units = above.graph.size(above.boundary)
    size, parts = max(1, _AT_ONCE // above.graph.size(above.psi)), []
    for start in range(0, units, size):
        wanted = torch.eye(units, dtype=torch.float64)[start : start + size]
        point = torch.zeros(len(wanted), *shape, dtype=torch.float64, requires_grad=True)
        reached = (module(point).reshape(len(wanted), -1) * wanted).sum()
        (gradient,) = torch.autograd.grad(reached, point)
        parts.append(gradient.mean(dim=(2, 3)).numpy())
    return np.concatenate(parts).astype(np.float32)
