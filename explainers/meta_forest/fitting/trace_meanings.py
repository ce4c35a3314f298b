"""What a cluster means: who is in it, its medoids, and the units that set it apart."""

import json
from collections.abc import Callable

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray, IntArray

MEDOIDS = 3
UNITS = 5
MOST_CLASSES = 5


def nearest_cluster(squared: FloatArray) -> IntArray:
    """Give each image's cluster, shape (images), from (images, clusters)."""
    owners: IntArray = squared.argmin(axis=1)
    return owners


def medoids(squared: FloatArray, rows: IntArray) -> IntArray:
    """Give the rows of the images nearest to each centroid, shape (clusters, medoids)."""
    count = min(MEDOIDS, len(rows))
    found = np.full((squared.shape[1], MEDOIDS), -1, dtype=np.int64)
    found[:, :count] = rows[np.argsort(squared, axis=0, kind="stable")[:count].T]
    return found


def meanings(
    table: ActivationTable,
    centroids: FloatArray,
    squared: FloatArray,
    classes: tuple[str, ...],
    example_ids: Callable[[int], str],
) -> tuple[tuple[str, ...], IntArray]:
    """Describe every cluster as a JSON object.

    Parameters
    ----------
    table
        The training images.
    centroids
        Shape (clusters, units).
    squared
        Shape (images, clusters). Squared distances.
    classes
        The class names.
    example_ids
        How replies call the image in a row of the data set.

    Returns
    -------
    tuple
        Per cluster its size, true classes, medoids and units, as JSON; and the rows of the
        medoids, shape (clusters, medoids).

    """
    owners, rows = nearest_cluster(squared), medoids(squared, table.rows)
    spread = table.hidden.std(axis=0) + 1e-12
    apart = (centroids - table.hidden.mean(axis=0)) / spread  # (clusters, units)
    units = np.argsort(-apart, axis=1, kind="stable")[:, :UNITS]
    found = []
    for cluster in range(len(centroids)):
        labels = table.labels[owners == cluster]
        described = {
            "size": len(labels),
            "classes": _counts(labels, classes),
            "medoids": [example_ids(row) for row in rows[cluster].tolist() if row >= 0],
            "units": units[cluster].tolist(),
        }
        found.append(json.dumps(described, ensure_ascii=False, separators=(",", ":")))
    return tuple(found), rows


def _counts(labels: IntArray, classes: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(labels, minlength=len(classes))
    largest = np.argsort(-counts, kind="stable")[:MOST_CLASSES].tolist()
    return {classes[c]: int(counts[c]) for c in largest if counts[c]}
