"""The fitting part of the support test: centres from training, limits from validation."""

from collections.abc import Callable, Iterable

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray, FloatArray
from explainers.neighbours.served import Representatives
from explainers.support.served import Support
from explainers.support.served.statistics import map_statistics

CENTRES = 96
BEYOND = 0.005


def fit_support(
    train: ActivationTable,
    validation: ActivationTable,
    representatives: Representatives,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Support:
    """Fit both limits so that one validation image in 200 lies beyond each.

    Parameters
    ----------
    train
        Where the centres of the map statistics come from.
    validation
        Where the limits come from.
    representatives
        Whose distances the limit in the hidden layer is about.
    rng
        Where the seed of k-means comes from.
    progress
        Shows how far the statistics are.

    """
    found = _statistics(train, progress)
    scale = (1.0 / (found.std(axis=0) + 1e-6)).astype(np.float32)
    count = int(np.clip(len(found) // 20, 1, CENTRES))
    seed = int(rng.integers(2**31))
    centres = MiniBatchKMeans(count, random_state=seed, n_init=1).fit(found * scale)
    open_ended = Support(centres.cluster_centers_.astype(np.float32), scale, 1.0, 1.0)
    sides = _distances(open_ended, validation, representatives)
    input_limit, hidden_limit = np.quantile(sides, 1.0 - BEYOND, axis=0).tolist()
    return Support(
        centres=open_ended.centres,
        scale=scale,
        input_limit=max(float(input_limit), 1e-6),
        hidden_limit=max(float(hidden_limit), 1e-6),
    )


def _statistics(table: ActivationTable, progress: Callable[..., Iterable[int]]) -> FloatArray:
    steps = progress(range(len(table)), "statistics of the last map")
    return np.stack([map_statistics(table.one(i)) for i in steps])


def _distances(
    support: Support, table: ActivationTable, representatives: Representatives
) -> DoubleArray:
    """Give the distances on the input side and in the hidden layer, shape (images, 2)."""
    found = []
    for i in range(len(table)):
        one = table.one(i)
        nearest = representatives.search(one.hidden, one.predicted, 1).distances[0]
        found.append((support.input_distance(one), nearest))
    return np.array(found)
