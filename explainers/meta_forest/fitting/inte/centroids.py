"""Level 2 of the reconstruction: images are told apart by their nearest centroid."""

import dataclasses
import warnings
from typing import final

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from explainers.arrays import AnyArray, DoubleArray, IntArray, check_shape
from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.row_sample import some_rows


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Clustering:
    """What k-means found.

    Attributes
    ----------
    centroids
        Shape (clusters, features).
    labels
        Shape (images). The cluster of each image that was given.

    """

    centroids: DoubleArray
    labels: IntArray


def fit_centroids(
    points: AnyArray, count: int, rng: np.random.Generator, *, most_rows: int = 20_000
) -> Clustering:
    """Cluster images by k-means (Lloyd, best of ten starts).

    Parameters
    ----------
    points
        Shape (images, features).
    count
        The number of clusters wanted; fewer are made where fewer distinct points exist.
    rng
        Draws the images that the centroids are fitted to, and the starts.
    most_rows
        The most images to fit to; the others join their nearest centroid.

    Raises
    ------
    FittingError
        When there are fewer images than clusters.

    """
    check_shape("points", points, "images", "features")
    if not 1 <= count <= min(len(points), most_rows):
        raise FittingError(
            f"the number of clusters must be 1 to {min(len(points), most_rows)}, the images "
            f"to cluster, not {count}; ask for fewer clusters or bring more images"
        )
    means = KMeans(count, n_init=10, random_state=int(rng.integers(2**31)))
    rows = some_rows(len(points), most_rows, rng)
    # One thread: with more, sums are added in varying order and a seed settles nothing.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Too few distinct points; the clusters that stay empty are dropped below.
        warnings.filterwarnings("ignore", "Number of distinct clusters", ConvergenceWarning)
        means.fit(np.asarray(points[rows], dtype=np.float64))
    used, drawn_labels = np.unique(means.labels_, return_inverse=True)
    centroids = np.asarray(means.cluster_centers_[used], dtype=np.float64)
    labels = np.empty(len(points), dtype=np.int64)
    if len(rows) < len(points):
        labels[:] = squared_distances(points, centroids).argmin(axis=1)
    labels[rows] = drawn_labels
    return Clustering(centroids, labels)


def squared_distances(points: AnyArray, centroids: DoubleArray) -> DoubleArray:
    """Give the squared Euclidean distances, shape (images, clusters)."""
    wide = np.asarray(points, dtype=np.float64)
    squares = np.einsum("if,if->i", wide, wide)[:, None]
    found = squares - 2.0 * wide @ centroids.T + np.einsum("cf,cf->c", centroids, centroids)
    return np.asarray(np.maximum(found, 0.0), dtype=np.float64)
