"""Small computations that are appended to the network's graph when a model is saved.

A dozen calls into numpy per image cost more than the same arithmetic inside the one graph
that runs anyway. A head says in plain data what numpy would do; `reasoned.network` turns
it into graph nodes, and the fitted object reads the head's numbers from
`Activations.heads`. Without a head the object computes them itself, and a test holds the
two equal.
"""

import dataclasses
from typing import final

from explainers.arrays import AnyArray

FLOAT = 1  # how ONNX numbers the type float32
Attribute = int | float | str | tuple[int, ...]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Node:
    """One operator of ONNX opset 18 or later; inputs are values, constants or taps by name."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Attribute] = dataclasses.field(default_factory=dict)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Head:
    """A computation over the taps of `Activations`, such as ``hidden`` or ``boundary``.

    ``hidden`` and ``boundary`` have the shape (images, units), whatever the layer's own, and
    ``pixels``, the network's input, has the shape (images, values).

    Attributes
    ----------
    name
        Under which `Activations.heads` holds the numbers.
    nodes
        In order.
    constants
        Arrays that the nodes read, by name.
    results
        The values to be kept, in order, each of shape (images, numbers) and float32.
    sizes
        How many numbers each result has.

    """

    name: str
    nodes: tuple[Node, ...]
    constants: dict[str, AnyArray]
    results: tuple[str, ...]
    sizes: tuple[int, ...]
