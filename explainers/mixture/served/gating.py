"""What every class's mixture predicts and which components answer, in numpy and as a graph."""

import dataclasses
from typing import TYPE_CHECKING, Final, final

import numpy as np

from explainers.activations import Activations
from explainers.arrays import AnyArray, DoubleArray, IntArray, make_read_only
from explainers.heads import FLOAT, Head, Node
from explainers.mixture.served.places import HIDDEN, Places

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

FEATURES: Final = "features"
GATES: Final = (FEATURES, HIDDEN)
MOST_FOLDED: Final = 2**24  # numbers in the graph: 64 MB
_NEVER: Final = -1e30  # the gate's score of a component that there is not


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Gating:
    """The mixture as two affine layers, each class padded to the same number of components.

    Attributes
    ----------
    places
        How features are read.
    on_hidden
        Whether the gate reads the hidden layer, whatever the regressions read.
    slots
        Shape (components). Where each component stands among the padded ones.
    classes, width
        How many classes, and components of a class after padding.
    weights, intercepts
        Shapes (components, features) and (components). Of the regressions.
    gate_weights, gate_bias
        Shapes (components, gate features) and (components).
    dominance
        The least responsibility with which a component answers alone, above a half.

    """

    places: Places
    on_hidden: bool
    slots: IntArray
    classes: int
    width: int
    weights: DoubleArray
    intercepts: DoubleArray
    gate_weights: DoubleArray
    gate_bias: DoubleArray
    dominance: float

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(cls, stored: "Mixture", places: Places) -> "Gating":
        """Arrange what is stored."""
        counts = np.bincount(stored.owner)
        starts = np.cumsum(counts) - counts
        width = int(counts.max())
        within = np.arange(len(stored.owner)) - starts[stored.owner]
        return cls(
            places=places,
            on_hidden=stored.gate_reads == HIDDEN,
            slots=stored.owner * width + within,
            classes=len(counts),
            width=width,
            weights=stored.weights,
            intercepts=stored.intercepts,
            gate_weights=stored.gate_weights,
            gate_bias=stored.gate_bias,
            dominance=_float32_from(stored.dominance),
        )

    def numbers(self, activations: Activations) -> list[float]:
        """Give every class's prediction, then the responsibilities of the padded components.

        A class's prediction is the dominant component's own, else that of all components,
        weighted by responsibility.
        """
        features = self.places.all(activations)
        judged = activations.hidden.astype(np.float64) if self.on_hidden else features
        grid = (self.classes, self.width)
        scores, components = np.full(grid, _NEVER), np.zeros(grid)
        scores.ravel()[self.slots] = self.gate_weights @ judged + self.gate_bias
        components.ravel()[self.slots] = self.weights @ features + self.intercepts
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        alone = shares >= self.dominance
        counted = np.where(alone.any(axis=1, keepdims=True), alone, shares)
        predictions = (counted * components).sum(axis=1)
        return [*predictions.tolist(), *shares.ravel().tolist()]

    def head(self, name: str) -> Head | None:
        """Give the same as nodes of the graph, or None where they would be too large."""
        count = self.classes * self.width
        if 2 * count * max(len(self.places.cells), self.gate_weights.shape[1]) > MOST_FOLDED:
            return None
        nodes, constants = self._affine()
        constants |= {
            "grid": np.array([-1, self.classes, self.width]),
            "flat": np.array([-1, count]),
            "last": np.array([2]),
            "dominance": np.array(self.dominance, np.float32),
        }
        nodes += [
            Node("Reshape", ("components", "grid"), ("predicting",)),
            Node("Reshape", ("scores", "grid"), ("judging",)),
            Node("Softmax", ("judging",), ("shares",), {"axis": -1}),
            # 1 for the component that answers alone, 0 for every other one.
            Node("GreaterOrEqual", ("shares", "dominance"), ("dominating",)),
            Node("Cast", ("dominating",), ("alone",), {"to": FLOAT}),
            # Where one does, the shares of its class drop to 0 or below.
            Node("ReduceMax", ("alone", "last"), ("taken",)),
            Node("Sub", ("shares", "taken"), ("left",)),
            Node("Max", ("alone", "left"), ("counted",)),
            Node("Mul", ("counted", "predicting"), ("amounts",)),
            Node("ReduceSum", ("amounts", "last"), ("predictions",), {"keepdims": 0}),
            Node("Reshape", ("shares", "flat"), ("responsibilities",)),
        ]
        sizes = (self.classes, count)
        return Head(name, tuple(nodes), constants, ("predictions", "responsibilities"), sizes)

    def _affine(self) -> tuple[list[Node], dict[str, AnyArray]]:
        """Give the nodes of both layers, as one where they read the same; and their weights."""
        predicting = self._padded(self.weights, self.intercepts, 0.0)
        judging = self._padded(self.gate_weights, self.gate_bias, _NEVER)
        tap = HIDDEN if self.places.kind == HIDDEN else "pixels"
        weights, bias = self.places.folded(*predicting)
        if self.on_hidden and tap != HIDDEN:
            own = np.ascontiguousarray(judging[0].T, np.float32)
            return [
                Node("Gemm", (tap, "w", "b"), ("components",)),
                Node("Gemm", (HIDDEN, "v", "a"), ("scores",)),
            ], {"w": weights, "b": bias, "v": own, "a": judging[1].astype(np.float32)}
        more, higher = self.places.folded(*judging)
        return [
            Node("Gemm", (tap, "w", "b"), ("both",)),
            Node("Split", ("both",), ("components", "scores"), {"axis": 1, "num_outputs": 2}),
        ], {
            "w": np.ascontiguousarray(np.concatenate([weights, more], axis=1)),
            "b": np.concatenate([bias, higher]),
        }

    def _padded(
        self, weights: DoubleArray, bias: DoubleArray, missing: float
    ) -> tuple[DoubleArray, DoubleArray]:
        count = self.classes * self.width
        wide, tall = np.zeros((count, weights.shape[1])), np.full(count, missing)
        wide[self.slots], tall[self.slots] = weights, bias
        return wide, tall


def _float32_from(number: float) -> float:
    """Give the least number not below this one that the graph can compare with, too."""
    found = np.float32(number)
    return float(found if float(found) >= number else np.nextafter(found, np.float32(np.inf)))
