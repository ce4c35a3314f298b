"""The rows of one class's regression."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, check_shape
from explainers.errors import FittingError


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Regression:
    """What is regressed on what.

    Attributes
    ----------
    x
        Shape (rows, columns). The features; where there is an intercept the last column is
        ones, and its coefficient is not penalised.
    y
        Shape (rows). Log-odds.
    intercept
        Whether there is that column.

    """

    x: DoubleArray
    y: DoubleArray
    intercept: bool

    def __post_init__(self) -> None:
        check_shape("x", self.x, "rows", "columns")
        check_shape("y", self.y, "rows", rows=len(self.x))
        if not (np.all(np.isfinite(self.x)) and np.all(np.isfinite(self.y))):
            raise FittingError(
                "a regression needs finite features and targets, not NaN or infinity"
            )
        if self.intercept and not np.all(self.x[:, -1] == 1.0):
            raise FittingError("with an intercept the last column of x must be ones")

    @property
    def penalised(self) -> int:
        """How many coefficients the elastic nets hold: p."""
        return int(self.x.shape[1]) - self.intercept
