"""What a stored mixture says of many images of one class at once."""

import dataclasses
from typing import final

import numpy as np
from scipy import special

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from explainers.mixture.served import Mixture


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClassMixture:
    """The regressions of one class, and the gate between them.

    Attributes
    ----------
    weights
        Shape (components, features).
    intercepts, s2, shares
        Shape (components).
    gate_weights
        Shape (components, gate features).
    gate_bias
        Shape (components).
    dominance
        From which responsibility on a component speaks alone.

    """

    weights: DoubleArray
    intercepts: DoubleArray
    s2: DoubleArray
    shares: DoubleArray
    gate_weights: DoubleArray
    gate_bias: DoubleArray
    dominance: float

    def responsibilities(self, read: AnyArray) -> DoubleArray:
        """Give the gate's, (images, components), for what it reads, (images, gate features)."""
        scores = read.astype(np.float64) @ self.gate_weights.T + self.gate_bias
        found: DoubleArray = special.softmax(scores, axis=1)
        return found

    def each(self, features: AnyArray) -> DoubleArray:
        """Give what every component predicts; (images, components)."""
        found: DoubleArray = features.astype(np.float64) @ self.weights.T + self.intercepts
        return found

    def assigned(self, features: AnyArray, y: DoubleArray) -> IntArray:
        """Give the component of the largest posterior, which knows y; (images)."""
        noise = np.maximum(self.s2, np.finfo(np.float64).tiny)
        squared = (y[:, None] - self.each(features)) ** 2 / noise
        # A component that no row was assigned to has no share.
        with np.errstate(divide="ignore"):
            weighed = np.log(self.shares)
        found: IntArray = (weighed - 0.5 * (np.log(noise) + squared)).argmax(axis=1)
        return found

    def gated(self, features: AnyArray, read: AnyArray) -> "Gated":
        """Explain images by the gate alone, as they are when served."""
        shares = self.responsibilities(read)
        first = shares.argmax(axis=1)
        alone = shares.max(axis=1) >= self.dominance
        used = np.where(alone[:, None], np.eye(len(self.s2))[first], shares)
        return Gated(
            component=first.astype(np.int64),
            dominant=alone,
            weights=used @ self.weights,
            predicted=(used * self.each(features)).sum(axis=1),
        )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Gated:
    """The served explanation of images for one class.

    Attributes
    ----------
    component
        Shape (images). The component of the largest responsibility, within the class.
    dominant
        Shape (images). Whether it speaks alone.
    weights
        Shape (images, features). Its coefficients, else those of all by responsibility.
    predicted
        Shape (images). Log-odds.

    """

    component: IntArray
    dominant: AnyArray
    weights: DoubleArray
    predicted: DoubleArray


def class_mixture(stored: Mixture, explained: int) -> ClassMixture:
    """Give what a stored mixture holds of one class."""
    own = stored.owner == explained
    return ClassMixture(
        weights=stored.weights[own],
        intercepts=stored.intercepts[own],
        s2=stored.s2[own],
        shares=stored.shares[own],
        gate_weights=stored.gate_weights[own],
        gate_bias=stored.gate_bias[own],
        dominance=stored.dominance,
    )


def cells_of_values(stored: Mixture) -> IntArray:
    """Say which feature each input value belongs to: a pixel is its own; (values)."""
    return stored.cells if len(stored.cells) else np.arange(int(np.prod(stored.shape)))


def features_of(stored: Mixture, values: FloatArray, hidden: FloatArray) -> FloatArray:
    """Give what the regressions read; (images, features).

    Parameters
    ----------
    stored
        Says what that is.
    values
        Shape (images, values). Pixels from 0, black, to 1, white.
    hidden
        Shape (images, units). The explained layer.

    """
    if stored.features == "hidden":
        return hidden
    return values if stored.features == "pixels" else means_of_cells(values, stored.cells)


def means_of_cells(values: FloatArray, cells: IntArray) -> FloatArray:
    """Average the values of each cell; (images, cells)."""
    order = np.argsort(cells, kind="stable")
    starts = np.searchsorted(cells[order], np.arange(int(cells.max()) + 1))
    sums = np.add.reduceat(values[:, order].astype(np.float64), starts, axis=1)
    found: FloatArray = (sums / np.bincount(cells)).astype(np.float32)
    return found


def read_by_gate(stored: Mixture, features: FloatArray, hidden: FloatArray) -> FloatArray:
    """Give what the gate reads; (images, gate features)."""
    return hidden if stored.gate_reads == "hidden" else features
