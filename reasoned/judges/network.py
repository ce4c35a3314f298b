"""The network of a model folder in torch: differentiable, tapped, and able to forget."""

import dataclasses
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, final

import numpy as np
import torch
from torch import nn

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, FloatArray
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.inference.session import FLATTENED, LAYERS, PREFIX, TAPS, map_or_flat
from reasoned.judges.layers import Layer, layers_of
from reasoned.network.graph import Graph, find_logits, read_graph
from reasoned.network.onnx_torch import OnnxModule
from reasoned.network.subgraph import detour
from reasoned.network.upper import MOST_DIFFERENCE
from reasoned.network.upper_graph import UpperGraph, read_upper

BATCH: Final = 128
_LOGITS: Final = "logits"


@final
class JudgedNetwork(nn.Module):
    """A network with its taps; all of it shares one set of parameters.

    Attributes
    ----------
    graph
        As it was read.
    layers
        From below; Quantus draws them again one by one.
    lower, upper
        The halves below and above the last map, which is psi where that is tapped; None
        where the network has no map, or the logits read the image beside it.
    map_name
        The value between the halves.

    """

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        named = graph.metadata()
        self._values = {tap: named[PREFIX + tap] for tap in TAPS if PREFIX + tap in named}
        self._values.setdefault(_LOGITS, find_logits(graph))
        self._shared: dict[str, torch.Tensor] = {}
        source, logits = graph.input_name, self._values[_LOGITS]
        self.taps = nn.ModuleDict(
            {tap: self._part(source, value) for tap, value in self._values.items()}
        )
        self.map_name = self._values.get("psi") or self._values.get("convolution")
        self.lower: OnnxModule | None = None
        self.upper: OnnxModule | None = None
        if self.map_name is not None and not detour(graph, self.map_name, logits):
            self.lower = self._part(source, self.map_name)
            self.upper = self._part(self.map_name, logits)
        self.layers = nn.ModuleList(layers_of(graph, logits, self._shared))
        self.eval()

    def _part(self, source: str, result: str) -> OnnxModule:
        part = OnnxModule(self.graph, source, result)
        for name, buffer in part.constants.items():
            # Buffers of that name are there: this puts the shared tensor in their place.
            part.register_buffer(buffer, self._shared.setdefault(name, part.get_buffer(buffer)))
        return part

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Give logits, shape (images, classes), for (images, channels, rows, columns)."""
        if self.lower is None or self.upper is None:
            found: torch.Tensor = self.taps[_LOGITS](pixels)
        else:
            found = self.upper(self.lower(pixels))
        return found

    def logits(self, pixels: FloatArray) -> FloatArray:
        """Give logits, shape (images, classes), without gradients."""
        with torch.no_grad():
            parts = [self(torch.from_numpy(part)).numpy() for part in _parts(pixels)]
        return np.concatenate(parts)

    def run(self, pixels: FloatArray, *taps: str) -> dict[str, FloatArray]:
        """Give taps of images, each with a leading axis (images), as the graph gives them."""
        with torch.no_grad():
            parts = [
                {tap: self.taps[tap](torch.from_numpy(part)).numpy() for tap in taps}
                for part in _parts(pixels)
            ]
        return {tap: _shaped(tap, np.concatenate([part[tap] for part in parts])) for tap in taps}

    def tabulate(self, pixels: FloatArray) -> ActivationTable:
        """Give every tap of images, as the methods read them; labels and rows are not known."""
        found = self.run(pixels, *self._values)
        unknown = np.full(len(pixels), -1, np.int64)
        return ActivationTable(
            rows=unknown,
            labels=unknown,
            predicted=found[_LOGITS].argmax(axis=1).astype(np.int64),
            pixels=pixels,
            **found,
        )

    def has(self, tap: str) -> bool:
        """Tell whether the graph declares a tap."""
        return tap in self._values

    def above(self) -> UpperGraph:
        """Read the network above psi, with the parameters that it has now.

        Raises
        ------
        NetworkError
            When the boundaries of this network cannot be explained.

        """
        now = {name: tensor.detach().numpy() for name, tensor in self._shared.items()}
        graph = dataclasses.replace(self.graph, constants=self.graph.constants | now)
        psi = self._values.get("psi", "")
        found = read_upper(graph, psi, self._values[_LOGITS])
        if isinstance(found, str):
            raise NetworkError(f"the network has no boundaries that can be explained: {found}")
        return dataclasses.replace(found, boundary=self._values.get("boundary", found.boundary))

    def fingerprint(self) -> int:
        """Give a number that changes with the parameters."""
        found = 0
        for layer in self.layers:
            for buffer in layer.buffers():
                found = zlib.crc32(buffer.detach().numpy().tobytes(), found)
        return found

    def drawn_again(self, seed: int) -> "JudgedNetwork":
        """Give the same network with the parameters of every layer in another order."""
        other = JudgedNetwork(self.graph)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            for layer in other.layers:
                if isinstance(layer, Layer):
                    layer.reset_parameters()
        return other


def open_network(path: Path, pixels: FloatArray) -> tuple[JudgedNetwork, float]:
    """Build the network of a model folder in torch, and hold it against the served one.

    Parameters
    ----------
    path
        The tapped graph.
    pixels
        Shape (images, channels, rows, columns). What to compare on.

    Returns
    -------
    network
        In eval mode.
    difference
        The largest of the logits' differences, as a share of the largest logit.

    Raises
    ------
    NetworkError
        When an operator is not piecewise linear, or the logits differ by more than 0.1 %.

    """
    network = JudgedNetwork(read_graph(path))
    expected = Network.load(path).run_many(pixels)["logits"]
    apart = float(np.abs(network.logits(pixels) - expected).max() / np.abs(expected).max())
    if not apart <= MOST_DIFFERENCE:
        raise NetworkError(
            f"{path}, rebuilt in torch, must give the served logits within {MOST_DIFFERENCE:.1%} "
            f"of the largest, but differs by {apart:.2%}; gradients would be another network's"
        )
    return network, apart


def _parts(pixels: FloatArray) -> Iterator[FloatArray]:
    for start in range(0, len(pixels), BATCH):
        yield np.array(pixels[start : start + BATCH], np.float32)


def _shaped(tap: str, found: AnyArray) -> FloatArray:
    if tap in FLATTENED:
        return found.reshape(len(found), -1)
    return map_or_flat(found) if tap in LAYERS else found
