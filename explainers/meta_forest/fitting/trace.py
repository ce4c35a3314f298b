"""Fit the served trace: clusters, margins, tree, forest and words."""

from collections.abc import Callable, Iterable

import numpy as np

from explainers.arrays import FloatArray, IntArray
from explainers.fitting_contract import FittingData
from explainers.meta_forest.fitting.trace_clusters import Clusters, cluster_by_class
from explainers.meta_forest.fitting.trace_forest import fit_forest
from explainers.meta_forest.fitting.trace_meanings import meanings
from explainers.meta_forest.fitting.trace_refinement import Split, refine
from explainers.meta_forest.fitting.trace_tree import choose_tree
from explainers.meta_forest.served import MetaForest
from explainers.meta_forest.served.margins import ClassDistances, margins

MOST_PAIRS = 1000
# A tree's fit costs images x pairs x classes: many classes are compared in fewer pairs.
PAIRS_TIMES_CLASSES = 100_000


def fit_meta_forest(
    data: FittingData, rng: np.random.Generator, progress: Callable[..., Iterable[int]]
) -> MetaForest:
    """Fit the served form of CNN-INTE on the training split.

    Every choice (how far clusters are refined, how many leaves) is made on validation.
    """
    train, held = data.train, data.validation
    clusters = refine(
        cluster_by_class(train.hidden, train.predicted, rng),
        Split(train.hidden, train.predicted),
        Split(held.hidden, held.predicted),
        rng,
        progress,
    ).clusters
    distances = ClassDistances(clusters.centroids, clusters.starts)
    squared = distances.squared_many(train.hidden)
    per_class = distances.per_class(squared)
    first, second = class_pairs(per_class)
    rows = margins(per_class, first, second)
    held_rows = margins(distances.per_class(distances.squared_many(held.hidden)), first, second)
    count = len(data.classes)
    tree, decimals = choose_tree(rows, train.predicted, (held_rows, held.predicted), count, rng)
    forest = fit_forest(rows, train.predicted, count, rng)
    texts, medoid_rows = meanings(
        train, clusters.centroids, squared, data.classes, data.example_ids
    )
    return MetaForest(
        class_names=data.classes,
        centroids=clusters.centroids,
        cluster_classes=clusters.classes,
        cluster_names=cluster_names(clusters, data.classes),
        cluster_meanings=texts,
        cluster_medoids=medoid_rows,
        pair_first=first,
        pair_second=second,
        **{k: getattr(tree, k) for k in ("left", "right", "feature", "threshold", "histogram")},
        forest_features=forest.features,
        forest_thresholds=forest.thresholds,
        forest_masks=forest.masks,
        forest_shares=forest.shares,
        decimals=decimals,
    )


def class_pairs(per_class: FloatArray) -> tuple[IntArray, IntArray]:
    """Choose which pairs of classes are compared.

    Parameters
    ----------
    per_class
        Shape (images, groups). Distances to the nearest cluster of each class.

    Returns
    -------
    tuple
        Two arrays of shape (pairs): all pairs up to 1,000, fewer for over a hundred
        classes, else those that are most often the two nearest classes of a training
        image.

    """
    groups = per_class.shape[1]
    first, second = np.triu_indices(groups, 1)
    most = min(MOST_PAIRS, PAIRS_TIMES_CLASSES // groups)
    if len(first) <= most:
        return first.astype(np.int64), second.astype(np.int64)
    two = np.sort(np.argpartition(per_class, 1, axis=1)[:, :2], axis=1)
    codes, counts = np.unique(two[:, 0] * groups + two[:, 1], return_counts=True)
    kept = np.sort(codes[np.argsort(-counts, kind="stable")[:most]])
    return (kept // groups).astype(np.int64), (kept % groups).astype(np.int64)


def cluster_names(clusters: Clusters, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Name each cluster by its class and its number within it, from 1."""
    seen: dict[int, int] = {}
    found = []
    for label in clusters.classes.tolist():
        seen[label] = seen.get(label, 0) + 1
        found.append(f"{classes[label]}-{seen[label]}")
    return tuple(found)
