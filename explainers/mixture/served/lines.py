"""The linear regressions of one class, and the one of them, or of all, that answers."""

import dataclasses
from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING, Final, NamedTuple, final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray, make_read_only

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

NORMAL_95: Final = 1.96  # standard deviations to either side of a mean


@final
class Line(NamedTuple):
    """The regression that answers for an image: a component's own, or several combined.

    Attributes
    ----------
    weights
        Shape (chosen). Posterior means.
    intercept
        What is added for every image.
    squares
        Shape (components). What each component's variances are multiplied by.
    known
        Shape (chosen). Where a weight's sign is known from the posterior; None where a
        normal interval says so.

    """

    weights: DoubleArray
    intercept: float
    squares: DoubleArray
    known: BoolArray | None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Lines:
    """The regressions of one class, which read the same features.

    Attributes
    ----------
    chosen
        Shape (chosen). The features that are read.
    alone
        The regression of each component.
    weights
        Shape (components, chosen). Posterior means.
    variances
        Shape (chosen, components). Of the posterior.
    intercepts
        Per component.

    """

    chosen: IntArray
    alone: tuple[Line, ...]
    weights: DoubleArray
    variances: DoubleArray
    intercepts: tuple[float, ...]

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(cls, stored: "Mixture", number: int) -> "Lines":
        """Take those of one class from what is stored."""
        owned = np.flatnonzero(stored.owner == number)
        chosen = np.flatnonzero(stored.selected[number])
        here = np.ix_(owned, chosen)
        weights, known, only = stored.weights[here], stored.certain[here], np.eye(len(owned))
        for part in (weights, known, only):
            part.flags.writeable = False
        intercepts: list[float] = stored.intercepts[owned].tolist()
        return cls(
            chosen=chosen,
            alone=tuple(map(Line, weights, intercepts, only, known)),
            weights=weights,
            variances=np.ascontiguousarray(stored.deviations[here].T ** 2),
            intercepts=tuple(intercepts),
        )

    def combined(self, shares: Sequence[float]) -> Line:
        """Weight the regressions by their responsibilities.

        The weights are independent in the posterior, as far as is known, so variances add
        up; a sign is known where zero lies outside the interval.

        Parameters
        ----------
        shares
            Of each component, in [0, 1].

        """
        by = np.array(shares)
        intercept = sum(map(mul, shares, self.intercepts))
        return Line(by.dot(self.weights), intercept, by * by, None)

    def deviations(self, line: Line, places: Sequence[int]) -> list[float]:
        """Give the standard deviations of some of a regression's weights."""
        variances = self.variances.take(places, axis=0).dot(line.squares)
        found: list[float] = np.sqrt(variances).tolist()
        return found

    def certain(self, line: Line) -> BoolArray:
        """Tell for every weight of a regression whether its sign is known, shape (chosen)."""
        if line.known is not None:
            return line.known
        reach = NORMAL_95 * np.sqrt(self.variances.dot(line.squares))
        return np.asarray(np.abs(line.weights) > reach)
