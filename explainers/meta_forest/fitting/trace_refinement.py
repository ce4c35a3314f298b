"""Move the clusters a little, so that the nearest one names the network's class."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.meta_forest.fitting.trace_clusters import Clusters
from explainers.meta_forest.served.margins import ClassDistances

ANCHORS = (0.1, 0.3, 1.0, 3.0)
MOST_QUANTISATION = 1.1
EPOCHS = 6
BATCH = 512
_DECAY = 0.6


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Refined:
    """Refined clusters and what the refinement cost.

    Attributes
    ----------
    clusters
        The clusters to use.
    anchor
        The weight of the quantisation error, or None where no refinement was accepted.
    quantisation
        Mean squared distance of validation images to the nearest cluster of their class,
        over the same for the k-means clusters.

    """

    clusters: Clusters
    anchor: float | None
    quantisation: float


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Split:
    """Activations of shape (images, units) and the network's classes for them."""

    hidden: FloatArray
    predicted: IntArray


def refine(
    clusters: Clusters,
    train: Split,
    validation: Split,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Refined:
    """Refine under the loosest anchor that keeps the clusters clusters.

    Minimised by Adam over mini-batches, with m_k the squared distance to the nearest
    cluster of class k, y the network's class and s a learned scale::

        -log softmax(-s m)_y  +  anchor * m_y / mean(m_y)

    The first term is the soft-min form of generalised learning vector quantisation, the
    second holds the clusters where the images are. The anchors 0.1, 0.3, 1 and 3 are tried in
    turn; the first under which the quantisation error on validation images is at most
    1.1 times that of k-means is kept, else k-means itself.

    References
    ----------
    Sato and Yamada, Generalized learning vector quantization, NIPS 1995; here with a
    softmax over classes and an anchor.

    """
    before = quantisation_error(clusters, validation)
    for anchor in ANCHORS:
        moved = _descend(clusters, train, anchor, rng, progress)
        ratio = quantisation_error(moved, validation) / max(before, 1e-12)
        if ratio <= MOST_QUANTISATION:
            return Refined(moved, anchor, ratio)
    return Refined(clusters, None, 1.0)


def quantisation_error(clusters: Clusters, split: Split) -> float:
    """Give the mean squared distance to the nearest cluster of the network's class."""
    distances = ClassDistances(clusters.centroids, clusters.starts)
    per_class = distances.per_class(distances.squared_many(split.hidden))
    known = np.isin(split.predicted, clusters.groups)
    own = np.searchsorted(clusters.groups, split.predicted[known])
    return float((per_class[known][np.arange(len(own)), own].astype(np.float64) ** 2).mean())


def _descend(
    clusters: Clusters,
    train: Split,
    anchor: float,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Clusters:
    known = np.flatnonzero(np.isin(train.predicted, clusters.groups))
    own = np.searchsorted(clusters.groups, train.predicted)
    typical = quantisation_error(clusters, train)
    state = _Adam(clusters.centroids, np.log(4.0 / max(typical, 1e-12)))
    rate = 0.06 * float(np.abs(clusters.centroids).mean())
    for _ in progress(range(EPOCHS), "refining clusters"):
        for batch in np.array_split(rng.permutation(known), max(1, len(known) // BATCH)):
            slopes = _slopes(
                state, clusters.starts, train.hidden[batch], own[batch], anchor / typical
            )
            state.step(*slopes, rate)
        rate *= _DECAY
    return Clusters(state.centroids.astype(np.float32), clusters.classes)


@final
class _Adam:
    """The centroids and the log of the scale, moved by Adam."""

    def __init__(self, centroids: FloatArray, log_scale: float) -> None:
        self.centroids: DoubleArray = centroids.astype(np.float64)
        self.log_scale = float(log_scale)
        self._first: list[DoubleArray] = [np.zeros_like(self.centroids), np.zeros(1)]
        self._second: list[DoubleArray] = [np.zeros_like(self.centroids), np.zeros(1)]
        self._steps = 0

    def step(self, centroid_slope: DoubleArray, scale_slope: float, rate: float) -> None:
        """Take one step down."""
        self._steps += 1
        moves = []
        for i, slope in enumerate((centroid_slope, np.array([scale_slope]))):
            self._first[i] = 0.9 * self._first[i] + 0.1 * slope
            self._second[i] = 0.999 * self._second[i] + 0.001 * slope**2
            first = self._first[i] / (1 - 0.9**self._steps)
            second = self._second[i] / (1 - 0.999**self._steps)
            moves.append(first / (np.sqrt(second) + 1e-8))
        self.centroids = self.centroids - rate * moves[0]
        self.log_scale -= 0.02 * float(moves[1][0])


def _slopes(
    state: _Adam, starts: IntArray, hidden: FloatArray, own: IntArray, pull: float
) -> tuple[DoubleArray, float]:
    """Give the slopes of the mean loss in the centroids and in the log of the scale."""
    images, scale = len(hidden), float(np.exp(state.log_scale))
    winners, least = _winners(state.centroids, starts, hidden)  # (images, groups)
    scores = -scale * least
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    target = np.zeros_like(shares)
    target[np.arange(images), own] = 1.0
    in_distance = (scale * (target - shares) + pull * target) / images
    weight = np.zeros((images, len(state.centroids)))
    np.put_along_axis(weight, winners, in_distance, axis=1)
    slope = 2.0 * (weight.sum(axis=0)[:, None] * state.centroids - weight.T @ hidden)
    return slope, float(((target - shares) * least).sum() * scale / images)


def _winners(
    centroids: DoubleArray, starts: IntArray, hidden: FloatArray
) -> tuple[IntArray, DoubleArray]:
    squared = (
        (hidden.astype(np.float64) ** 2).sum(axis=1)[:, None]
        - 2.0 * hidden @ centroids.T
        + (centroids**2).sum(axis=1)
    )
    ends = [*starts[1:].tolist(), len(centroids)]
    winners = np.stack(
        [a + squared[:, a:b].argmin(axis=1) for a, b in zip(starts.tolist(), ends, strict=True)],
        axis=1,
    )
    return winners, np.take_along_axis(squared, winners, axis=1)
