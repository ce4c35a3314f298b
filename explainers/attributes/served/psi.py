"""Psi and the head in numpy, and the same as nodes of the network's graph."""

import dataclasses
from typing import TYPE_CHECKING, Final, final

import numpy as np

from explainers.arrays import AnyArray, FloatArray, make_read_only
from explainers.heads import Attribute, Head, Node

if TYPE_CHECKING:
    from explainers.attributes.served.explainer import Attributes

TAPS: Final = ("intermediate", "second_intermediate")
LARGEST: Final = 1e15


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution that keeps the map's size, or divides it by its stride.

    Attributes
    ----------
    weights
        Shape (channels out, channels in, rows, columns).
    bias
        Shape (channels out).
    stride
        In both directions.

    """

    weights: FloatArray
    bias: FloatArray
    stride: int

    def __post_init__(self) -> None:
        make_read_only(self)

    def __call__(self, given: FloatArray) -> FloatArray:
        """Convolve one map of shape (channels, rows, columns)."""
        side = self.weights.shape[2]
        padded = np.pad(given, ((0, 0), (side // 2,) * 2, (side // 2,) * 2))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))
        taken = windows[:, :: self.stride, :: self.stride]
        found = np.tensordot(self.weights, taken, axes=([1, 2, 3], [0, 3, 4]))
        return np.asarray(found + self.bias[:, None, None], dtype=np.float32)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ServedPsi:
    """From the tapped maps of one image to attributes and the logits of g.

    Attributes
    ----------
    pool
        By how much each map is averaged first.
    convolutions
        One per map.
    joining
        On both together, or None for one map.
    pooling
        Shape (positions, pooled positions). Adaptive average pooling, as a matrix.
    inner_slope, outer_slope
        Of the leaky ReLU inside and at the end; 0 is a ReLU.
    weights, bias
        Shapes (attributes, features) and (attributes). Of the affine layer before Phi.
    class_weights, class_bias
        Shapes (classes, attributes) and (classes). Of the head h.

    """

    pool: int
    convolutions: tuple[Convolution, ...]
    joining: Convolution | None
    pooling: FloatArray
    inner_slope: float
    outer_slope: float
    weights: FloatArray
    bias: FloatArray
    class_weights: FloatArray
    class_bias: FloatArray

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(cls, stored: "Attributes") -> "ServedPsi":
        """Arrange what is stored."""
        first = Convolution(stored.first_weights, stored.first_bias, stored.strides[0])
        second, joining = tuple[Convolution, ...](), None
        if len(stored.layers) == len(TAPS):
            second = (Convolution(stored.second_weights, stored.second_bias, stored.strides[1]),)
            joining = Convolution(stored.joining_weights, stored.joining_bias, 1)
        return cls(
            pool=stored.pool,
            convolutions=(first, *second),
            joining=joining,
            pooling=pooling_matrix(stored.convolved, stored.side),
            inner_slope=stored.inner_slope,
            outer_slope=stored.outer_slope,
            weights=stored.attribute_weights,
            bias=stored.attribute_bias,
            class_weights=stored.class_weights,
            class_bias=stored.class_bias,
        )

    def numbers(self, maps: tuple[FloatArray, ...]) -> list[float]:
        """Give Phi(x), then the logits of g, for the one or two maps of one image."""
        made = [
            _leaky(convolution(self._small(given)), self.inner_slope)
            for convolution, given in zip(self.convolutions, maps, strict=True)
        ]
        found = np.concatenate(made)
        if self.joining is not None:
            found = _leaky(self.joining(found), self.inner_slope)
        pooled = found.reshape(len(found), -1) @ self.pooling
        phi = _leaky(self.weights @ pooled.ravel() + self.bias, self.outer_slope)
        logits = self.class_weights @ phi + self.class_bias
        # Of a stored model that no fit has made: still numbers.
        kept = np.clip(np.nan_to_num(np.concatenate([phi, logits])), -LARGEST, LARGEST)
        numbers: list[float] = kept.tolist()
        return numbers

    def _small(self, given: FloatArray) -> FloatArray:
        spread = given if given.ndim == 3 else given[:, None, None]
        if self.pool == 1 or max(spread.shape[1:]) == 1:
            return spread
        rows, columns = spread.shape[1] // self.pool, spread.shape[2] // self.pool
        cut = spread[:, : rows * self.pool, : columns * self.pool]
        blocks = cut.reshape(len(cut), rows, self.pool, columns, self.pool)
        return np.asarray(blocks.mean(axis=(2, 4)), dtype=np.float32)

    def head(self, name: str, shapes: AnyArray) -> Head:
        """Give the same as nodes of the graph.

        Parameters
        ----------
        name
            Of the head.
        shapes
            Shape (maps, 3). (channels, rows, columns) of each tapped map.

        """
        builder = _Nodes()
        parts = []
        for tap, convolution, shape in zip(TAPS, self.convolutions, shapes.tolist(), strict=False):
            value = tap
            flat = shape[1] == shape[2] == 1
            if flat:
                # A layer without positions may be (images, units): give it some.
                value = builder.add("Reshape", [value, builder.sizes(0, -1, 1, 1)])
            elif self.pool > 1:
                sides = (self.pool, self.pool)
                value = builder.add("AveragePool", [value], kernel_shape=sides, strides=sides)
            parts.append(self._convolved(builder, value, convolution))
        value = parts[0]
        if self.joining is not None:
            joined = builder.add("Concat", parts, axis=1)
            value = self._convolved(builder, joined, self.joining)
        width = len(self.convolutions[0].bias)
        value = builder.add("Reshape", [value, builder.sizes(0, width, -1)])
        value = builder.add("MatMul", [value, builder.constant(self.pooling)])
        value = builder.add("Flatten", [value], axis=1)
        value = builder.add("Gemm", [value, *builder.constants_of(self.weights, self.bias)])
        phi = builder.leaky(value, self.outer_slope)
        logits = builder.add(
            "Gemm", [phi, *builder.constants_of(self.class_weights, self.class_bias)]
        )
        sizes = (len(self.bias), len(self.class_bias))
        return Head(name, tuple(builder.nodes), builder.constants, (phi, logits), sizes)

    def _convolved(self, builder: "_Nodes", value: str, convolution: Convolution) -> str:
        side, stride = convolution.weights.shape[2], convolution.stride
        made = builder.add(
            "Conv",
            [value, builder.constant(convolution.weights), builder.constant(convolution.bias)],
            kernel_shape=(side, side),
            strides=(stride, stride),
            pads=(side // 2,) * 4,
        )
        return builder.leaky(made, self.inner_slope)


@final
class _Nodes:
    """Nodes in the making, every value with a name of its own."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.constants: dict[str, AnyArray] = {}

    def add(self, operator: str, inputs: list[str], **attributes: Attribute) -> str:
        name = f"value{len(self.nodes)}"
        self.nodes.append(Node(operator, tuple(inputs), (name,), attributes))
        return name

    def leaky(self, value: str, slope: float) -> str:
        if slope == 0.0:
            return self.add("Relu", [value])
        return self.add("LeakyRelu", [value], alpha=slope)

    def constant(self, array: AnyArray) -> str:
        name = f"constant{len(self.constants)}"
        self.constants[name] = array
        return name

    def constants_of(self, weights: FloatArray, bias: FloatArray) -> tuple[str, str]:
        """Give an affine layer's weights as the graph's Gemm reads them, and its bias."""
        return self.constant(np.ascontiguousarray(weights.T)), self.constant(bias)

    def sizes(self, *sizes: int) -> str:
        return self.constant(np.array(sizes, dtype=np.int64))


def _leaky(values: FloatArray, slope: float) -> FloatArray:
    found: FloatArray = np.where(values > 0, values, np.float32(slope) * values)
    return found


def pooling_matrix(shape: tuple[int, int], side: tuple[int, int]) -> FloatArray:
    """Give adaptive average pooling of (rows, columns) to `side` as a matrix.

    Returns
    -------
    FloatArray
        Shape (rows * columns, pooled rows * pooled columns).

    """
    rows, columns = (_along(size, pooled) for size, pooled in zip(shape, side, strict=True))
    return np.asarray(np.kron(rows, columns), dtype=np.float32)


def _along(size: int, pooled: int) -> AnyArray:
    """Average along one axis, shape (size, pooled): windows overlap where it must be."""
    found = np.zeros((size, pooled))
    for window in range(pooled):
        start, stop = window * size // pooled, -(-(window + 1) * size // pooled)
        found[start:stop, window] = 1.0 / (stop - start)
    return found
