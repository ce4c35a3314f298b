"""Cut the network of a model folder at its explained map."""

import dataclasses
from pathlib import Path

from reasoned.errors import NetworkError
from reasoned.evaluation.cut_network import CutNetwork
from reasoned.inference.session import PREFIX
from reasoned.network.graph import read_graph
from reasoned.network.onnx_torch import OnnxModule, split_network
from reasoned.network.upper_dense import dense_tail
from reasoned.network.upper_graph import read_upper
from reasoned.network.upper_torch import torch_upper


def cut_network(path: Path) -> CutNetwork:
    """Cut a graph at the map that its fit explains, else at its last convolutional map.

    Parameters
    ----------
    path
        A tapped graph, such as the ``network.onnx`` of a model folder.

    Raises
    ------
    NetworkError
        When there is no such map, the logits depend on the image past it, or an operator
        is not piecewise linear.

    """
    graph = read_graph(path)
    taps = graph.metadata()
    psi = taps.get(f"{PREFIX}psi") or taps.get(f"{PREFIX}convolution")
    if psi is None:
        raise NetworkError(
            f"{path} has no convolutional map, and heat maps need one; explain another network"
        )
    above = read_upper(graph, psi, taps[f"{PREFIX}logits"])
    if isinstance(above, str):
        raise NetworkError(f"{path} cannot be explained by its boundaries: {above}")
    # A fit that stored polytopes has settled their space.
    above = dataclasses.replace(above, boundary=taps.get(f"{PREFIX}boundary", above.boundary))
    return CutNetwork(
        whole=split_network(path, above.psi),
        to_boundary=OnnxModule(graph, above.psi, above.boundary),
        above=dense_tail(above) or torch_upper(above),
    )
