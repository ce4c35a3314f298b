"""Cluster ids as what they are: names without an order."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import FloatArray, IntArray, check_shape, make_read_only


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NominalCodes:
    """One 0/1 column for each (factor, cluster).

    Columns stand in the order in which the clusters first appear in the training rows.
    So the numbers that k-means happened to give cannot leak into anything learned, not
    even into how ties between equally good splits are broken.

    Attributes
    ----------
    factor, cluster
        Shape (columns). What each column stands for.

    """

    factor: IntArray
    cluster: IntArray

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def fit(cls, codes: IntArray) -> "NominalCodes":
        """Look at the training rows, shape (images, factors)."""
        check_shape("codes", codes, "images", "factors")
        orders = [appearance_order(codes[:, factor]) for factor in range(codes.shape[1])]
        factor = np.repeat(np.arange(len(orders)), [len(order) for order in orders])
        return cls(factor, np.concatenate(orders))

    def one_hot(self, codes: IntArray) -> FloatArray:
        """Encode ids of shape (images, factors) as 0/1 of shape (images, columns)."""
        return np.asarray(codes[:, self.factor] == self.cluster, dtype=np.float32)


def appearance_order(ids: IntArray) -> IntArray:
    """Give the distinct ids in the order in which they first appear."""
    found, first = np.unique(ids, return_index=True)
    return np.asarray(found[np.argsort(first, kind="stable")], dtype=np.int64)
