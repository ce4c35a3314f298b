"""The fitting part of the support test: centres from training, limits from validation."""

import dataclasses
from collections.abc import Callable, Iterable

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray, FloatArray
from explainers.neighbours.served import Representatives
from explainers.support.served import Support
from explainers.support.served.statistics import block_means, map_statistics

CENTRES = 96
BEYOND = 0.01
_SHRINKAGE = 1e-3


def fit_support(
    train: ActivationTable,
    validation: ActivationTable,
    representatives: Representatives,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Support:
    """Fit the limits so that one validation image in 100 lies beyond each.

    Parameters
    ----------
    train
        Where the centres come from.
    validation
        Where the limits come from.
    representatives
        Whose distances the limit in the hidden layer is about.
    rng
        Where the seed of k-means comes from.
    progress
        Shows how far the statistics are.

    """
    found, means = _statistics(train, progress)
    scale = (1.0 / (found.std(axis=0) + 1e-6)).astype(np.float32)
    whitening = _whitening(means)
    open_ended = Support(
        centres=_centres(found * scale, rng),
        scale=scale,
        pixel_centres=_centres(means @ whitening, rng),
        whitening=whitening,
        input_limit=1.0,
        hidden_limit=1.0,
        pixel_limit=1.0,
    )
    sides = _distances(open_ended, validation, representatives)
    limits = np.maximum(np.quantile(sides, 1.0 - BEYOND, axis=0), 1e-6).tolist()
    hidden_limit, input_limit, pixel_limit = limits
    return dataclasses.replace(
        open_ended, input_limit=input_limit, hidden_limit=hidden_limit, pixel_limit=pixel_limit
    )


def _centres(found: FloatArray, rng: np.random.Generator) -> FloatArray:
    count = int(np.clip(len(found) // 20, 1, CENTRES))
    seed = int(rng.integers(2**31))
    fitted = MiniBatchKMeans(count, random_state=seed, n_init=1).fit(found)
    centres: FloatArray = fitted.cluster_centers_.astype(np.float32)
    return centres


def _whitening(means: FloatArray) -> FloatArray:
    """Give the inverse Cholesky factor of the covariance, shrunk towards the identity."""
    covariance = np.atleast_2d(np.cov(means.astype(np.float64), rowvar=False))
    even = max(float(np.trace(covariance)) / len(covariance), 1e-6)
    covariance += _SHRINKAGE * even * np.eye(len(covariance))
    factor: FloatArray = np.linalg.cholesky(np.linalg.inv(covariance)).astype(np.float32)
    return factor


def _statistics(
    table: ActivationTable, progress: Callable[..., Iterable[int]]
) -> tuple[FloatArray, FloatArray]:
    """Give the map statistics and the block means, shapes (images, ...)."""
    statistics, means = [], []
    for i in progress(range(len(table)), "statistics of the input side"):
        one = table.one(i)
        statistics.append(map_statistics(one))
        means.append(block_means(one.pixels))
    return np.stack(statistics), np.stack(means)


def _distances(
    support: Support, table: ActivationTable, representatives: Representatives
) -> DoubleArray:
    """Give the distances in the hidden layer, before it and of the input, shape (images, 3)."""
    found = []
    for i in range(len(table)):
        one = table.one(i)
        nearest = representatives.search(one.hidden, one.predicted, 1).distances[0]
        found.append(support.judge(one, nearest).sides)
    return np.array(found)
