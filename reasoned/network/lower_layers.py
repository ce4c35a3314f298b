"""Which layers attribute functions read, and where they lie in the graph."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import final

from reasoned.errors import NetworkError
from reasoned.inference.session import LAYERS
from reasoned.network.graph import Graph, find_last_map, find_logits, read_graph, without_copies
from reasoned.network.tapping import layer_value

MOST_NUMBERS = 2**20
OPTION = "--attribute-layers"


@final
@dataclasses.dataclass(frozen=True)
class LowerLayers:
    """The one or two layers that attribute functions read.

    Attributes
    ----------
    names
        What they are called.
    values
        The graph's values that hold them.
    modules
        The modules of the torch network that put them out, where they are known by name.

    """

    names: tuple[str, ...]
    values: tuple[str, ...]
    modules: tuple[str, ...] = ()

    def taps(self) -> dict[str, str]:
        """Give the values to be declared as outputs, by the names of their taps."""
        return dict(zip(LAYERS, self.values, strict=False))


def find_layers(
    source: Path, layer: str, asked: tuple[str, ...], held: Mapping[str, str]
) -> LowerLayers:
    """Look the layers up in a graph.

    Parameters
    ----------
    source
        An ONNX file, not tapped yet.
    layer
        The explained layer, as its user calls it.
    asked
        What the user calls the layers that attribute functions read; where there are none it
        is the last convolutional map, and the explained layer where there is no such map.
    held
        The graph's outputs that hold layers of a torch network, by the names of the taps;
        empty for a network that came as ONNX.

    Raises
    ------
    NetworkError
        When a layer is unknown or too large, or the two are the same.

    """
    graph = read_graph(source)
    if asked:
        values = tuple(
            held.get(tap) or layer_value(graph, name, OPTION)
            for tap, name in zip(LAYERS, asked, strict=False)
        )
        found = LowerLayers(asked, _sources(graph, values), asked)
    else:
        last_map = find_last_map(graph, find_logits(graph))
        value = last_map or held.get("hidden") or layer_value(graph, layer)
        names = (layer if last_map is None else last_map,)
        found = LowerLayers(names, _sources(graph, (value,)), () if last_map else (layer,))
    _check(graph, found)
    return found


def _sources(graph: Graph, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(without_copies(graph, value) for value in values)


def _check(graph: Graph, found: LowerLayers) -> None:
    for name, value in zip(found.names, found.values, strict=True):
        size = graph.size(value)
        if not 0 < size <= MOST_NUMBERS:
            raise NetworkError(
                f"layer {name!r} has {size or 'an unknown number of'} numbers, and attribute "
                f"functions can read at most {MOST_NUMBERS}: choose a later layer with {OPTION}"
            )
    if len(set(found.values)) < len(found.values):
        raise NetworkError(
            f"{OPTION} must name two layers, but {' and '.join(found.names)} are the same in the "
            "graph; leave one of them out"
        )
