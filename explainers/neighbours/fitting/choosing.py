"""Choose representative training images: medoids that cover, each for many, none twice."""

from collections.abc import Callable

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray, FloatArray, IntArray
from explainers.errors import FittingError
from explainers.neighbours.served import Representatives

LEAST_STANDS_FOR = 10
PER_REPRESENTATIVE = 97
MOST = 2000
# A small set is covered by up to 100, each for about twelve images.
FEW, PER_FEW = 100, 12
PER_CLUSTER = 12
_BLOCK = 4096


def choose_representatives(
    train: ActivationTable,
    classes: tuple[str, ...],
    example_ids: Callable[[int], str],
    distinct: BoolArray,
    rng: np.random.Generator,
) -> Representatives:
    """Choose medoids on two levels and count whom each stands for.

    Level 1 clusters the images of each predicted class, level 2 picks medoids in each
    cluster. A medoid that stands for fewer than ten training images is dropped, the
    lightest first, and its images go to the next nearest.

    Parameters
    ----------
    train
        The training images.
    classes
        The class names, for the clusters' names.
    example_ids
        How replies call the image in a row of the data set.
    distinct
        Shape (images). False for an image whose pixels an earlier image has too.
    rng
        Where the seeds of k-means come from.

    """
    small = min(FEW, len(train) // PER_FEW)
    wanted = int(np.clip(max(len(train) // PER_REPRESENTATIVE, small), 1, MOST))
    clusters, names = _first_level(train, wanted, classes, rng)
    picked = _medoids(train.hidden, clusters, wanted, distinct, rng)
    if not len(picked):
        raise FittingError("no training image is left to be shown as a representative")
    picked, counts = _covering(train.hidden, picked)
    order = np.lexsort((train.rows[picked], train.predicted[picked]))
    chosen = picked[order]
    return Representatives(
        vectors=train.hidden[chosen].astype(np.float32),
        rows=train.rows[chosen],
        ids=tuple(example_ids(row) for row in train.rows[chosen].tolist()),
        labels=train.labels[chosen],
        predicted=train.predicted[chosen],
        stands_for=counts[order],
        clusters=clusters[chosen],
        cluster_names=names,
    )


def _first_level(
    train: ActivationTable, wanted: int, classes: tuple[str, ...], rng: np.random.Generator
) -> tuple[IntArray, tuple[str, ...]]:
    """Give each image its cluster, shape (images), and the clusters their names."""
    owners, names = np.zeros(len(train), dtype=np.int64), list[str]()
    for label in np.unique(train.predicted).tolist():
        members = np.flatnonzero(train.predicted == label)
        share = wanted * len(members) / len(train)
        count = int(np.clip(round(share / PER_CLUSTER), 1, max(1, len(members) // 2)))
        inside = _kmeans_labels(train.hidden[members], count, rng)
        owners[members] = len(names) + inside
        names += [f"{classes[label]}/{i + 1}" for i in range(count)]
    return owners, tuple(names)


def _medoids(
    hidden: FloatArray,
    clusters: IntArray,
    wanted: int,
    distinct: BoolArray,
    rng: np.random.Generator,
) -> IntArray:
    found = []
    for cluster in np.unique(clusters).tolist():
        members = np.flatnonzero(clusters == cluster)
        count = max(1, round(wanted * len(members) / len(clusters)))
        candidates = members[distinct[members]]
        if not len(candidates):
            continue
        centres = _kmeans_centres(hidden[members], min(count, len(members)), rng)
        nearest = _squared(hidden[candidates], centres).argmin(axis=0)
        found.append(np.unique(candidates[nearest]))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _covering(hidden: FloatArray, picked: IntArray) -> tuple[IntArray, IntArray]:
    """Drop medoids until each stands for ten images; give the rest and their counts."""
    least = min(LEAST_STANDS_FOR, max(1, len(hidden) // max(len(picked), 1)))
    squared = np.concatenate(
        [
            _squared(hidden[start : start + _BLOCK], hidden[picked]).astype(np.float32)
            for start in range(0, len(hidden), _BLOCK)
        ]
    )
    kept = np.arange(len(picked))
    owners = squared.argmin(axis=1)
    while True:
        counts = np.bincount(owners, minlength=len(picked))
        weakest = kept[counts[kept].argmin()]
        if counts[weakest] >= least or len(kept) == 1:
            return picked[kept], counts[kept].astype(np.int64)
        kept = kept[kept != weakest]
        orphans = np.flatnonzero(owners == weakest)
        owners[orphans] = kept[squared[np.ix_(orphans, kept)].argmin(axis=1)]


def _squared(rows: FloatArray, centres: FloatArray) -> FloatArray:
    own = np.einsum("ij,ij->i", rows, rows)[:, None]
    found: FloatArray = own - 2.0 * rows @ centres.T + np.einsum("ij,ij->i", centres, centres)
    return found


def _kmeans_labels(rows: FloatArray, count: int, rng: np.random.Generator) -> IntArray:
    labels: IntArray = _kmeans(count, rng).fit(rows).labels_.astype(np.int64)
    return labels


def _kmeans_centres(rows: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    centres: FloatArray = _kmeans(count, rng).fit(rows).cluster_centers_
    return centres


def _kmeans(count: int, rng: np.random.Generator) -> MiniBatchKMeans:
    seed = int(rng.integers(2**31))
    return MiniBatchKMeans(count, random_state=seed, n_init=1, batch_size=2048)
