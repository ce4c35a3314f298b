"""The sums of squares and products of each component's rows, kept up to date."""

from typing import Self, final

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.regression import Regression

REFRESH_EVERY = 100


@final
class Grams:
    """X_j'X_j, X_j'y_j, y_j'y_j and n_j of every component j.

    The rows that move between components are added and subtracted, which costs a fraction of
    the products' recomputation where few move. Unlike the rest of the sampler this object
    changes: it is bookkeeping of a chain's z, and follows from it up to rounding. Every 100
    moves all is recomputed, so a chain that resumes at a multiple of 100 sweeps with
    `Grams.of` goes on bit by bit as if it had never stopped.

    Attributes
    ----------
    xx
        Shape (components, columns, columns).
    xy
        Shape (components, columns).
    yy
        Shape (components).
    rows
        Shape (components). n_j.

    """

    def __init__(
        self, regression: Regression, components: int, refresh_every: int = REFRESH_EVERY
    ) -> None:
        columns = regression.x.shape[1]
        self._x = regression.x
        self._y = regression.y
        self._refresh_every = refresh_every
        self._moves = 0
        self.xx: DoubleArray = np.zeros((components, columns, columns))
        self.xy: DoubleArray = np.zeros((components, columns))
        self.yy: DoubleArray = np.zeros(components)
        self.rows: IntArray = np.zeros(components, dtype=np.int64)

    @classmethod
    def of(
        cls,
        regression: Regression,
        z: IntArray,
        components: int,
        refresh_every: int = REFRESH_EVERY,
    ) -> Self:
        """Compute the sums for an assignment z, shape (rows).

        Parameters
        ----------
        regression
            The rows.
        z
            Shape (rows). The component of each row.
        components
            J.
        refresh_every
            After how many moves all is recomputed; 1 keeps nothing.

        """
        grams = cls(regression, components, refresh_every)
        grams.refresh(z)
        return grams

    def refresh(self, z: IntArray) -> None:
        """Recompute everything for an assignment z, shape (rows)."""
        self._moves = 0
        self.rows[:] = np.bincount(z, minlength=len(self.rows))
        for j in range(len(self.rows)):
            self._recompute(j, z)

    def moved(self, old: IntArray, new: IntArray) -> None:
        """Follow the rows from one assignment to the next, shapes (rows)."""
        self._moves += 1
        if self._moves >= self._refresh_every:
            self.refresh(new)
            return
        changed = np.flatnonzero(old != new)
        left, came = old[changed], new[changed]
        touched = np.bincount(left, minlength=len(self.rows))
        touched += np.bincount(came, minlength=len(self.rows))
        self.rows[:] = np.bincount(new, minlength=len(self.rows))
        for j in np.flatnonzero(touched).tolist():
            if touched[j] >= self.rows[j]:
                self._recompute(j, new)
            else:
                self._add(j, changed[came == j])
                self._subtract(j, changed[left == j])

    def residual_squares(self, b: DoubleArray) -> DoubleArray:
        """Give RSS_j, shape (components), for coefficients b, shape (components, columns)."""
        fitted = np.einsum("jp,jp->j", b, (self.xx @ b[:, :, None])[:, :, 0] - 2.0 * self.xy)
        # Rounding may leave a perfect fit a little below nothing.
        squares: DoubleArray = np.maximum(self.yy + fitted, 0.0)
        return squares

    def _recompute(self, j: int, z: IntArray) -> None:
        self.xx[j], self.xy[j], self.yy[j] = 0.0, 0.0, 0.0
        self._add(j, np.flatnonzero(z == j))

    def _add(self, j: int, rows: IntArray) -> None:
        if len(rows):
            x, y = self._x[rows], self._y[rows]
            self.xx[j] += x.T @ x
            self.xy[j] += y @ x
            self.yy[j] += y @ y

    def _subtract(self, j: int, rows: IntArray) -> None:
        if len(rows):
            x, y = self._x[rows], self._y[rows]
            self.xx[j] -= x.T @ x
            self.xy[j] -= y @ x
            self.yy[j] -= y @ y
