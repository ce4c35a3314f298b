"""The part of a graph between two of its values."""

from typing import Any

from reasoned.network.graph import Graph
from reasoned.network.operators import data_inputs

_MEASURES = ("Shape", "Size")


def computed_values(graph: Graph) -> set[str]:
    """Name the values that depend on what the image shows, and not on its shape alone."""
    found = {graph.input_name}
    for node in graph.model.graph.node:
        if node.op_type not in _MEASURES and found & set(data_inputs(node)):
            found |= {str(name) for name in node.output if name}
    return found


def nodes_between(graph: Graph, start: str, stop: str) -> tuple[Any, ...]:
    """Give the nodes that `stop` needs once `start` is known, in the order of the graph."""
    needed, waiting, seen = set[str](), [stop], {start}
    while waiting:
        name = waiting.pop()
        if name in seen or name not in graph.producers:
            continue
        seen.add(name)
        needed.add(name)
        waiting += data_inputs(graph.producers[name])
    return tuple(
        node
        for node in graph.model.graph.node
        if needed & set(node.output) and node.op_type != "Constant"
    )


def detour(graph: Graph, start: str, stop: str) -> str:
    """Say how `stop` depends on the image other than through `start`; or nothing.

    Returns
    -------
    str
        Such as "Add 'sum' also reads 'relu_1'".

    """
    computed, behind = computed_values(graph), {start}
    around = ""
    for node in nodes_between(graph, start, stop):
        read = data_inputs(node)
        if not behind & set(read):
            continue
        behind |= {str(name) for name in node.output if name}
        beside = [name for name in read if name in computed and name not in behind]
        if beside and not around:
            around = f"{node.op_type} {node.output[0]!r} also reads {beside[0]!r}"
    return around if stop in behind else "they do not read it"
