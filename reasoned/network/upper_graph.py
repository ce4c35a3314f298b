"""Where the explained map, its boundary space and the logits lie in a graph."""

import dataclasses
from typing import Any, final

from reasoned.network.graph import Graph, without_copies
from reasoned.network.operators import data_inputs, is_affine, obstacle
from reasoned.network.subgraph import computed_values, detour, nodes_between

MOST_UNITS = 16_384


@final
@dataclasses.dataclass(frozen=True, eq=False)
class UpperGraph:
    """The network above the explained map.

    Attributes
    ----------
    graph
        The whole graph.
    psi
        The value of the explained map.
    boundary
        The value where the leading affine operators above psi leave off; psi itself where
        there are none, or they end in more numbers than psi has.
    logits
        The value of the logits.
    obstacles
        What between boundary space and the logits is not piecewise linear, in words.

    """

    graph: Graph
    psi: str
    boundary: str
    logits: str
    obstacles: tuple[str, ...]

    @property
    def approximate(self) -> str:
        """Why a boundary is only tangent to the network's own; empty where it is exact."""
        if not self.obstacles:
            return ""
        verb = "is" if len(self.obstacles) == 1 else "are"
        return (
            f"{' and '.join(self.obstacles)} {verb} not piecewise linear: a boundary is only "
            "tangent to the network's own there, and the claim holds for the counted training "
            "images alone"
        )

    def shape(self, value: str) -> tuple[int, ...]:
        """Give the shape of psi or boundary space, without the leading axis (images)."""
        return self.graph.shapes[value][1:]

    def in_psi(self) -> "UpperGraph":
        """Give the same with psi itself as boundary space."""
        return dataclasses.replace(self, boundary=self.psi)

    def taps(self) -> dict[str, str]:
        """Give the values to be declared as outputs, by the names of their taps."""
        return {"psi": self.psi, "boundary": self.boundary}


def read_upper(graph: Graph, psi: str, logits: str) -> UpperGraph | str:
    """Look at what lies between a feature map and the logits.

    Parameters
    ----------
    graph
        The whole graph.
    psi, logits
        Values of it.

    Returns
    -------
    UpperGraph or str
        Why the boundaries of this map cannot be explained, where they cannot.

    """
    if not graph.size(psi) or not graph.size(logits):
        return f"the sizes of {psi!r} or of the logits are left open in the graph"
    around = detour(graph, psi, logits)
    if around:
        psi = without_copies(graph, psi)
        around = detour(graph, psi, logits)
    if around:
        return (
            "the logits depend on the image other than through the explained map, which the graph "
            f"calls {psi!r}: {around}; choose a later map with --boundary-layer"
        )
    nodes, computed = nodes_between(graph, psi, logits), computed_values(graph)
    boundary = _leading(graph, nodes, psi, logits)
    if graph.size(boundary) > MOST_UNITS:
        return (
            f"boundary space of {psi!r} has {graph.size(boundary)} numbers, and at most "
            f"{MOST_UNITS} can be explained; choose a later map with --boundary-layer"
        )
    words = dict.fromkeys(obstacle(node, computed) for node in nodes)
    return UpperGraph(graph, psi, boundary, logits, tuple(word for word in words if word))


def _leading(graph: Graph, nodes: tuple[Any, ...], psi: str, logits: str) -> str:
    """Follow psi through affine operators for as long as nothing else reads or joins it."""
    computed, value = computed_values(graph), psi
    while value != logits:
        readers = [node for node in nodes if value in data_inputs(node)]
        if len(readers) != 1 or not is_affine(readers[0], computed):
            break
        if [name for name in data_inputs(readers[0]) if name in computed] != [value]:
            break
        value = str(readers[0].output[0])
    return value if 0 < graph.size(value) <= graph.size(psi) else psi
