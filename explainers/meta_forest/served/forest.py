"""The meta-level forest: the vote of many small trees, all at once in numpy."""

import dataclasses
from typing import final

import numpy as np
import numpy.typing as npt

from explainers.arrays import FloatArray, IntArray, make_read_only

MaskArray = npt.NDArray[np.uint64]
MOST_LEAVES = 64
_ALL = np.uint64(2**64 - 1)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class BitForest:
    """Trees of at most 64 leaves, walked without walking.

    A leaf is a bit. Each inner node holds a mask that clears the leaves of its left side;
    the masks of all nodes whose test ``feature <= threshold`` fails are and-ed, and the
    lowest bit that is left is the leaf reached.

    Attributes
    ----------
    features, thresholds, masks
        Shape (nodes, trees). Padding nodes test ``<= infinity`` and clear nothing.
    shares
        Shape (trees, leaves, classes), uint8: class shares in each leaf, in 255ths.

    References
    ----------
    Lucchese et al., QuickScorer: a fast algorithm to rank documents with additive
    ensembles of regression trees, SIGIR 2015; here as whole-array operations, without its
    feature-wise sorting of nodes.

    """

    features: IntArray
    thresholds: FloatArray
    masks: MaskArray
    shares: npt.NDArray[np.uint8]
    _trees: IntArray = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_trees", np.arange(self.shares.shape[0]))
        make_read_only(self)

    def leaves(self, row: FloatArray) -> IntArray:
        """Give the leaf reached in each tree, shape (trees), for a row of (features)."""
        failed = row.take(self.features) > self.thresholds  # (nodes, trees)
        alive = np.bitwise_and.reduce(np.where(failed, self.masks, _ALL), axis=0)  # (trees,)
        lowest = alive & (~alive + np.uint64(1))
        reached: IntArray = np.frexp(lowest.astype(np.float64))[1] - 1
        return reached

    def vote(self, row: FloatArray, target: int) -> float:
        """Give the mean share of class `target`, in [0, 1]."""
        found = self.shares[self._trees, self.leaves(row), target]
        return float(found.sum(dtype=np.int64)) / (255.0 * len(self._trees))

    def votes(self, row: FloatArray) -> npt.NDArray[np.float64]:
        """Give the mean share of every class, shape (classes)."""
        found = self.shares[self._trees, self.leaves(row)]  # (trees, classes)
        totals: npt.NDArray[np.float64] = found.sum(axis=0, dtype=np.int64) / (
            255.0 * len(self._trees)
        )
        return totals
