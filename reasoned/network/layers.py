"""Which layers of a network can be explained, with their shapes."""

from pathlib import Path

import torch
from torch import nn

from reasoned.errors import NetworkError
from reasoned.network.graph import read_graph
from reasoned.network.tapping import graph_layers

Layer = tuple[str, str, tuple[int, ...]]


def onnx_layers(path: Path) -> list[Layer]:
    """List (name, operator, shape) of the layers of an ONNX file."""
    return graph_layers(read_graph(path))


def torch_layers(network: nn.Module, shape: tuple[int, int, int]) -> list[Layer]:
    """List (name, class, shape) of the modules that one image passes through."""
    found: list[Layer] = []

    def note(name: str, module: nn.Module) -> None:
        def hook(_module: nn.Module, _inputs: object, output: object) -> None:
            if isinstance(output, torch.Tensor) and output.ndim >= 2:
                found.append((name, type(module).__name__, tuple(output.shape[1:])))

        module.register_forward_hook(hook)

    for name, module in network.named_modules():
        if name:
            note(name, module)
    try:
        with torch.no_grad():
            network.eval()(torch.zeros(1, *shape))
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise NetworkError(
            f"the network does not run on images of {shape} (channels, rows, columns): {error}; "
            "give --size and --channels"
        ) from error
    return found
