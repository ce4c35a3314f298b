"""An untrained copy of any network: the same graph with random weights."""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


def untrained_copy(source: Path, target: Path, rng: np.random.Generator) -> None:
    """Write a graph whose weights are drawn anew, as before any training.

    Matrices and kernels are drawn from a normal distribution with the variance 2 over
    their fan-in; offsets become 0, and what normalisation layers scale by becomes 1.

    Parameters
    ----------
    source
        A tapped graph.
    target
        Where the copy goes.
    rng
        Where the weights come from.

    References
    ----------
    He et al., Delving deep into rectifiers, ICCV 2015.

    """
    model = onnx.load(source)
    scales = _normalisation_scales(model.graph)
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        shape = tuple(tensor.dims)
        if len(shape) > 1:
            fan_in = int(np.prod(shape[1:]))
            drawn = rng.standard_normal(shape) * np.sqrt(2.0 / max(fan_in, 1))
        else:
            drawn = np.ones(shape) if tensor.name in scales else np.zeros(shape)
        fresh = numpy_helper.from_array(drawn.astype(np.float32), tensor.name)
        tensor.CopyFrom(fresh)
    onnx.save(model, target)


def _normalisation_scales(graph: onnx.GraphProto) -> set[str]:
    """Name the scales and variances of batch and layer normalisation."""
    found = set[str]()
    for node in graph.node:
        if node.op_type == "BatchNormalization":
            found |= {node.input[1], node.input[4]}
        elif "Normalization" in node.op_type:
            found.add(node.input[1])
    return found
