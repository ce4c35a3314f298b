"""The network of a model folder, asked by pixels from 0, black, to 1, white."""

import dataclasses
from pathlib import Path
from typing import Final, final

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray
from reasoned.inference import Network
from reasoned.inference.session import PREFIX
from reasoned.network.graph import find_logits, read_graph
from reasoned.network.onnx_torch import OnnxModule
from reasoned.network.upper import BROKEN, CHECKED, MOST_DIFFERENCE

BATCH: Final = 256


@final
@dataclasses.dataclass(frozen=True, eq=False)
class PixelNetwork:
    """The network as it is served, and which of its inputs are black and white.

    Attributes
    ----------
    network
        As `reasoned serve` runs it.
    black, white
        Shape (channels).

    """

    network: Network
    black: FloatArray
    white: FloatArray

    def inputs(self, values: FloatArray) -> FloatArray:
        """Turn flattened pixels (images, values) into inputs (images, channels, rows, columns)."""
        shaped = values.reshape(-1, *self.network.shape)
        low, high = (end[None, :, None, None] for end in (self.black, self.white))
        return np.ascontiguousarray(low + shaped * (high - low), np.float32)

    def values(self, inputs: FloatArray) -> FloatArray:
        """Turn inputs into flattened pixels; the inverse of `inputs`."""
        low, high = (end[None, :, None, None] for end in (self.black, self.white))
        return ((inputs - low) / (high - low)).reshape(len(inputs), -1).astype(np.float32)

    def logits(self, values: FloatArray) -> FloatArray:
        """Give logits, (images, classes), for flattened pixels (images, values)."""
        return self.logits_of_inputs(self.inputs(values))

    def logits_of_inputs(self, inputs: FloatArray) -> FloatArray:
        """Give logits, (images, classes), for inputs."""
        parts = [
            self.network.run_many(np.array(inputs[start : start + BATCH]))["logits"]
            for start in range(0, len(inputs), BATCH)
        ]
        return np.concatenate(parts)


@final
class FromPixels(nn.Module):
    """The same as a torch module, to be differentiated: flattened pixels in, logits out."""

    def __init__(self, module: nn.Module, pixels: PixelNetwork) -> None:
        super().__init__()
        self.module = module
        self.shape = pixels.network.shape
        low, high = (torch.from_numpy(np.array(end)) for end in (pixels.black, pixels.white))
        self.register_buffer("low", low[None, :, None, None])
        self.register_buffer("width", (high - low)[None, :, None, None])

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Give logits, (images, classes), for (images, values)."""
        shaped = values.reshape(-1, *self.shape)
        found: torch.Tensor = self.module(
            self.get_buffer("low") + shaped * self.get_buffer("width")
        )
        return found


def differentiable(path: Path, pixels: PixelNetwork, values: FloatArray) -> FromPixels | str:
    """Rebuild a graph from the image to the logits in torch, and compare the two.

    Parameters
    ----------
    path
        The tapped graph.
    pixels
        The same, loaded.
    values
        Shape (images, values). What to compare on.

    Returns
    -------
    FromPixels or str
        Or the reason why there is none.

    """
    shown = values[:CHECKED]
    expected = pixels.logits(shown)
    try:
        graph = read_graph(path)
        logits = graph.metadata().get(f"{PREFIX}logits") or find_logits(graph)
        module = FromPixels(OnnxModule(graph, graph.input_name, logits), pixels).eval()
        with torch.no_grad():
            found = module(torch.from_numpy(shown)).numpy()
    except BROKEN as error:
        return f"the network cannot be differentiated: {error}"
    apart = float(np.abs(found - expected).max())
    if not apart <= MOST_DIFFERENCE * float(np.abs(expected).max()):
        return f"the network, rebuilt to be differentiated, differs by {apart:.2g} in its logits"
    return module
