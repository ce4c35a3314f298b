"""Level 1 of the reconstruction: the units of a layer fall into factors."""

import dataclasses
from typing import final

import numpy as np
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from explainers.arrays import DoubleArray, FloatArray, IntArray, check_shape, make_read_only
from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.row_sample import some_rows

NO_FACTOR = -1
_PRINCIPAL_AXES = 32


@final
@dataclasses.dataclass(frozen=True, eq=False)
class FactorMap:
    """Which factor each unit belongs to.

    Attributes
    ----------
    factor_of_unit
        Shape (units). Factors are numbered in the order of their first unit; a unit that
        never changes has `NO_FACTOR`.
    count
        The number of factors.

    """

    factor_of_unit: IntArray
    count: int

    def __post_init__(self) -> None:
        make_read_only(self)

    def units(self, factor: int) -> IntArray:
        """Give the units of one factor, in ascending order."""
        return np.flatnonzero(self.factor_of_unit == factor)


def fit_factors(
    hidden: FloatArray,
    count: int,
    rng: np.random.Generator,
    *,
    most_rows: int = 5_000,
    most_units: int = 5_000,
) -> FactorMap:
    """Group the units whose activations rise and fall together.

    The distance of two units is ``1 - abs(correlation)``, joined by average linkage.
    Above `most_units` the distance matrix would not fit: there the units' profiles are
    reduced by principal components and grouped by mini-batch k-means, which knows as
    little of their sign.

    Parameters
    ----------
    hidden
        Shape (images, units).
    count
        The number of factors wanted.
    rng
        Draws the images that are looked at, and seeds k-means.
    most_rows
        The most images to correlate over. A unit that is constant on them is left out.
    most_units
        The most live units for which the full distance matrix is made.

    Raises
    ------
    FittingError
        When fewer units are alive than factors are wanted.

    """
    check_shape("hidden", hidden, "images", "units")
    sample = np.asarray(hidden[some_rows(len(hidden), most_rows, rng)], dtype=np.float64)
    live = np.flatnonzero(np.ptp(sample, axis=0) > 0)
    if not 1 <= count <= len(live):
        raise FittingError(
            f"the number of factors must be 1 to {len(live)}, the units that ever change, "
            f"not {count}; ask for fewer factors or another layer"
        )
    profiles = _unit_profiles(sample[:, live])
    group = _linked if len(live) <= most_units else _by_profile
    factor_of_unit = np.full(hidden.shape[1], NO_FACTOR, dtype=np.int64)
    factor_of_unit[live] = _in_order_of_appearance(group(profiles, count, rng))
    return FactorMap(factor_of_unit, int(factor_of_unit.max()) + 1)


def unit_distances(profiles: DoubleArray) -> DoubleArray:
    """Give ``1 - abs(correlation)`` between all pairs of rows of unit-norm profiles."""
    distances = 1.0 - np.abs(profiles @ profiles.T)
    np.fill_diagonal(distances, 0.0)
    return np.clip(distances, 0.0, 1.0)


def _unit_profiles(sample: DoubleArray) -> DoubleArray:
    centred = (sample - sample.mean(axis=0)).T  # (units, images)
    return np.asarray(centred / np.linalg.norm(centred, axis=1, keepdims=True))


def _linked(profiles: DoubleArray, count: int, _rng: np.random.Generator) -> IntArray:
    if len(profiles) == 1:
        return np.zeros(1, dtype=np.int64)
    linkage = AgglomerativeClustering(n_clusters=count, metric="precomputed", linkage="average")
    return np.asarray(linkage.fit(unit_distances(profiles)).labels_, dtype=np.int64)


def _by_profile(profiles: DoubleArray, count: int, rng: np.random.Generator) -> IntArray:
    seed = int(rng.integers(2**31))
    axes = min(_PRINCIPAL_AXES, *profiles.shape)
    reduced = TruncatedSVD(axes, random_state=seed).fit_transform(profiles)
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    # A profile and its negative belong together. Their outer products with themselves are
    # equal, and lie 2 - 2 * correlation ** 2 apart (squared) for two profiles in general.
    first, second = np.triu_indices(axes)
    weight = np.where(first == second, 1.0, np.sqrt(2.0))
    products = reduced[:, first] * reduced[:, second] * weight  # (units, pairs of axes)
    means = MiniBatchKMeans(count, random_state=seed, n_init=10, batch_size=4_096)
    with threadpool_limits(limits=1):
        return np.asarray(means.fit(products).labels_, dtype=np.int64)


def _in_order_of_appearance(labels: IntArray) -> IntArray:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    return np.asarray(rank[inverse], dtype=np.int64)
