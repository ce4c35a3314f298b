"""The support test's distances as graph nodes."""

import math

import numpy as np

from explainers.arrays import AnyArray, FloatArray
from explainers.heads import Node
from explainers.support.served.statistics import block_size, squared_lengths

Nodes = tuple[Node, ...]
Constants = dict[str, AnyArray]


def map_nodes(centres: FloatArray, scale: FloatArray, plane: int) -> tuple[Nodes, Constants]:
    """Give the squared distance of the map statistics to their nearest centre.

    Parameters
    ----------
    centres
        Shape (centres, statistics), standardised.
    scale
        Shape (statistics).
    plane
        Rows times columns of the last convolutional map.

    """
    nodes = (
        Node("ReduceMean", ("convolution", "plane"), ("mean",), {"keepdims": 0}),
        Node("ReduceL2", ("convolution", "plane"), ("length",), {"keepdims": 0}),
        Node("Concat", ("mean", "length"), ("statistics",), {"axis": 1}),
        Node("Mul", ("statistics", "scale"), ("standard",)),
        *_nearest("standard", ""),
    )
    # A root mean square is a length over the root of the size.
    per_length = scale.copy()
    per_length[len(per_length) // 2 :] /= math.sqrt(plane)
    constants = {"plane": np.array([2, 3]), "scale": per_length, **_centres(centres, "")}
    return nodes, constants


def pixel_nodes(
    centres: FloatArray, whitening: FloatArray, shape: tuple[int, int, int]
) -> tuple[Nodes, Constants]:
    """Give the squared distance of the whitened block means to their nearest centre.

    Parameters
    ----------
    centres
        Shape (centres, blocks), whitened.
    whitening
        Shape (blocks, blocks).
    shape
        Channels, rows and columns of the network's input.

    """
    size = block_size(*shape[1:])
    nodes = (
        Node("Reshape", ("pixels", "shape"), ("image",)),
        Node("AveragePool", ("image",), ("blocks",), {"kernel_shape": size, "strides": size}),
        Node("Flatten", ("blocks",), ("means",)),
        Node("MatMul", ("means", "whitening"), ("pixel_standard",)),
        *_nearest("pixel_standard", "pixel_"),
    )
    constants = {"shape": np.array([-1, *shape]), "whitening": whitening}
    return nodes, constants | _centres(centres, "pixel_")


def _nearest(standard: str, prefix: str) -> Nodes:
    def named(name: str) -> str:
        return f"{prefix}{name}"

    return (
        Node("MatMul", (standard, named("doubled")), (named("products"),)),
        Node("Add", (named("products"), named("norms")), (named("scores"),)),
        Node("ReduceMin", (named("scores"), "one"), (named("least"),)),
        Node("ReduceSumSquare", (standard, "one"), (named("own"),)),
        Node("Add", (named("least"), named("own")), (named("squared"),)),
    )


def _centres(centres: FloatArray, prefix: str) -> Constants:
    return {
        "one": np.array([1]),
        f"{prefix}doubled": np.ascontiguousarray(-2.0 * centres.T),
        f"{prefix}norms": squared_lengths(centres),
    }
