"""Parts of an ONNX graph as torch modules, so that gradients can be taken in them."""

import dataclasses
from pathlib import Path
from typing import Any, final

import numpy as np
import onnx
import torch
from torch import nn

from reasoned.errors import NetworkError
from reasoned.inference.session import PREFIX
from reasoned.network.graph import Graph, find_last_map, find_logits, read_graph
from reasoned.network.onnx_operators import INFERRED, OPERATIONS, Operation
from reasoned.network.operators import data_inputs
from reasoned.network.subgraph import detour, nodes_between


@final
@dataclasses.dataclass(frozen=True)
class _Step:
    """One node, ready to be run."""

    operation: Operation
    settings: dict[str, Any]
    inputs: tuple[str, ...]
    output: str


@final
class OnnxModule(nn.Module):
    """What a graph computes between two of its values; its weights are buffers.

    Parameters
    ----------
    graph
        The whole graph.
    source
        The value that goes in, with a leading axis (images).
    result
        The value that comes out.

    Attributes
    ----------
    constants
        By the name of each of the graph's constants that is read here, that of its buffer.

    Raises
    ------
    NetworkError
        When an operator in between is not one of the piecewise linear ones.

    """

    def __init__(self, graph: Graph, source: str, result: str) -> None:
        super().__init__()
        self.source, self.result = source, result
        nodes = nodes_between(graph, source, result)
        _check_known(nodes)
        self._steps = [_step(node, graph) for node in nodes]
        self.constants: dict[str, str] = {}
        made = {source, *(step.output for step in self._steps)}
        for name in sorted({n for step in self._steps for n in step.inputs if n} - made):
            if name in graph.constants:
                self.constants[name] = f"constant{len(self.constants)}"
                # torch shares the memory, and must be able to write.
                stored = torch.from_numpy(np.array(graph.constants[name]))
                self.register_buffer(self.constants[name], stored)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Give the result, with a leading axis (images), for a batch of the source."""
        values = {name: self.get_buffer(buffer) for name, buffer in self.constants.items()}
        values[self.source] = given
        for step in self._steps:
            inputs = [values.get(name) for name in step.inputs]
            values[step.output] = step.operation(step.settings, inputs)
        return values[self.result]


def _check_known(nodes: tuple[Any, ...]) -> None:
    unknown = sorted({str(node.op_type) for node in nodes} - set(OPERATIONS))
    if unknown:
        raise NetworkError(
            f"the graph computes {', '.join(unknown)}, and only piecewise linear operators of ONNX "
            "are read here"
        )


def _step(node: Any, graph: Graph) -> _Step:  # noqa: ANN401  onnx has no types
    settings = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    inputs = tuple(str(name) for name in node.input)
    if node.op_type == "Reshape":
        # What the graph says of the batch is for another batch, or counted at run time.
        sizes = graph.shapes.get(node.output[0], ())[1:]
        settings[INFERRED] = sizes if all(sizes) else ()
        inputs = inputs if inputs[1] in graph.constants else tuple(data_inputs(node))
    return _Step(OPERATIONS[node.op_type], settings, inputs, str(node.output[0]))


@final
class SplitNetwork(nn.Module):
    """A network in two: `lower`, from the image to psi, and `upper`, from psi to the logits."""

    def __init__(self, lower: OnnxModule, upper: OnnxModule) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Give logits, shape (images, classes), for (images, channels, rows, columns)."""
        logits: torch.Tensor = self.upper(self.lower(image))
        return logits


def split_network(path: Path, psi: str | None = None) -> SplitNetwork:
    """Split an ONNX network at a feature map.

    Parameters
    ----------
    path
        An ONNX file, such as the ``network.onnx`` of a model folder.
    psi
        The value to split at, or None for the tap ``psi``, else the last convolutional map.

    Raises
    ------
    NetworkError
        When there is no such map, the logits depend on the image past it, or an operator
        is not piecewise linear.

    """
    graph = read_graph(path)
    taps = graph.metadata()
    logits = taps.get(f"{PREFIX}logits") or find_logits(graph)
    tapped = taps.get(f"{PREFIX}psi") or taps.get(f"{PREFIX}convolution")
    value = psi or tapped or find_last_map(graph, logits)
    if value is None:
        raise NetworkError(f"{path} has no convolutional map to split at; name a value of it")
    around = detour(graph, value, logits)
    if around:
        raise NetworkError(f"{path} cannot be split at {value!r}, since of the logits: {around}")
    lower, upper = OnnxModule(graph, graph.input_name, value), OnnxModule(graph, value, logits)
    return SplitNetwork(lower, upper)
