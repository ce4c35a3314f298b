"""The layers of a network whose constants can be drawn again."""

from collections.abc import Mapping
from typing import Any, Final, final

import torch
from torch import nn

from reasoned.network.graph import Graph
from reasoned.network.subgraph import nodes_between

# Of other operators the constants are sizes, limits or factors, and no parameters.
_WITH_PARAMETERS: Final = frozenset({"Add", "BatchNormalization", "Conv", "Gemm", "MatMul", "Mul"})


@final
class Layer(nn.Module):
    """The parameters of one node of the graph."""

    def __init__(self, parameters: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        for place, tensor in enumerate(parameters.values()):
            self.register_buffer(f"parameter{place}", tensor)

    def reset_parameters(self) -> None:
        """Put the layer's numbers into another order, drawn from torch's own generator.

        Their distribution is that of the trained layer, and what they had learned is gone.
        The name is the one that Quantus looks for.
        """
        with torch.no_grad():
            for buffer in self.buffers():
                order = torch.randperm(buffer.numel())
                buffer.copy_(buffer.flatten()[order].reshape(buffer.shape))


def layers_of(graph: Graph, logits: str, shared: Mapping[str, torch.Tensor]) -> list[Layer]:
    """Give the layers between the image and the logits, from below.

    Parameters
    ----------
    graph
        The whole graph.
    logits
        The value that holds them.
    shared
        The graph's constants by name; the layers change these very tensors.

    """
    made, seen = list[Layer](), set[str]()
    for node in nodes_between(graph, graph.input_name, logits):
        own = {name: shared[name] for name in _parameters(node, shared) if name not in seen}
        seen |= set(own)
        if own:
            made.append(Layer(own))
    return made


def _parameters(node: Any, shared: Mapping[str, torch.Tensor]) -> list[str]:  # noqa: ANN401  onnx has no types
    if node.op_type not in _WITH_PARAMETERS:
        return []
    return [
        str(name)
        for name in node.input
        if name in shared and shared[name].is_floating_point() and shared[name].numel() > 1
    ]
