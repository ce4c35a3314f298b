"""Prepare the search among all training images, and measure what it misses."""

from collections.abc import Callable

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray
from explainers.neighbours.served import Representatives, WholeSet

MEASURED = 500
NEAREST = 5


def fit_whole_set(
    train: ActivationTable,
    representatives: Representatives,
    example_ids: Callable[[int], str],
    rng: np.random.Generator,
) -> WholeSet:
    """Index all training images in about as many lists as the root of their number."""
    lists = max(1, int(np.sqrt(len(train))))
    seed = int(rng.integers(2**31))
    fitted = MiniBatchKMeans(lists, random_state=seed, n_init=1, batch_size=4096).fit(train.hidden)
    owners = _nearest(train.hidden, representatives.vectors)
    return WholeSet(
        vectors=train.hidden.astype(np.float32),
        centroids=fitted.cluster_centers_.astype(np.float32),
        rows=train.rows,
        ids=tuple(example_ids(row) for row in train.rows.tolist()),
        labels=train.labels,
        predicted=train.predicted,
        clusters=representatives.clusters[owners],
        cluster_names=representatives.cluster_names,
    )


def recall(whole: WholeSet, validation: ActivationTable) -> float:
    """Give the share of the true five nearest images that are found, on validation images."""
    found = 0
    asked = validation.hidden[:MEASURED]
    for hidden in asked:
        gaps = ((whole.vectors - hidden) ** 2).sum(axis=1)
        true = set(np.argsort(gaps, kind="stable")[:NEAREST].tolist())
        found += len(true & {place for place, _ in whole.search(hidden, NEAREST)})
    return found / (NEAREST * len(asked))


def _nearest(rows: FloatArray, centres: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    norms = (centres**2).sum(axis=1)
    parts = [
        (norms - 2.0 * rows[start : start + 4096] @ centres.T).argmin(axis=1)
        for start in range(0, len(rows), 4096)
    ]
    return np.concatenate(parts)
