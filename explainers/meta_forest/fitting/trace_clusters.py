"""Level 1 and 2 of the served trace: clusters of each predicted class's activations."""

import dataclasses
from typing import final

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from explainers.arrays import FloatArray, IntArray
from explainers.errors import FittingError

MOST_PER_CLASS = 8
MOST_CLUSTERS = 400
LEAST_IMAGES = 20


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Clusters:
    """Centroids sorted by class.

    Attributes
    ----------
    centroids
        Shape (clusters, units).
    classes
        Shape (clusters). The class that the network gives the cluster's images.

    """

    centroids: FloatArray
    classes: IntArray

    @property
    def groups(self) -> IntArray:
        """The classes that have clusters, shape (groups)."""
        return np.unique(self.classes)

    @property
    def starts(self) -> IntArray:
        """Where each group's clusters begin, shape (groups)."""
        return np.unique(self.classes, return_index=True)[1].astype(np.int64)


def cluster_by_class(hidden: FloatArray, predicted: IntArray, rng: np.random.Generator) -> Clusters:
    """Cluster the activations of each predicted class by k-means.

    Parameters
    ----------
    hidden
        Shape (images, units).
    predicted
        Shape (images). The class that the network gives.
    rng
        Where the seeds of k-means come from.

    Returns
    -------
    Clusters
        Eight per class, fewer for more than fifty classes and for classes of few images;
        a class with fewer than two images has none.

    Raises
    ------
    FittingError
        When the network gives fewer than two classes.

    """
    classes, counts = np.unique(predicted, return_counts=True)
    classes, counts = classes[counts >= 2], counts[counts >= 2]
    if len(classes) < 2:
        raise FittingError(
            "a trace needs a network that gives at least two classes on the training images, "
            f"but it gives {len(classes)}; check the weights, the class order and the normalisation"
        )
    most = min(MOST_PER_CLASS, max(1, MOST_CLUSTERS // len(classes)))
    found = []
    for label, count in zip(classes.tolist(), counts.tolist(), strict=True):
        wanted = min(most, max(1, count // LEAST_IMAGES))
        found.append(_kmeans(hidden[predicted == label], wanted, rng))
    centroids = np.concatenate(found).astype(np.float32)
    return Clusters(centroids, np.repeat(classes, [len(part) for part in found]))


def _kmeans(rows: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    seed = int(rng.integers(2**31))
    fitted = MiniBatchKMeans(count, random_state=seed, n_init=3, batch_size=2048).fit(rows)
    centres: FloatArray = fitted.cluster_centers_
    return centres
