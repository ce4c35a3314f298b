"""The factor atlas: what each cluster means, shown by training images."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, FloatArray, IntArray
from explainers.meta_forest.fitting.inte.reading import Reading


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClusterPortrait:
    """One cluster of one factor.

    Attributes
    ----------
    factor, cluster
        Which.
    histogram
        Shape (classes). Its training images by the network's class.
    mean_image
        Shape (channels, rows, columns).
    nearest
        Shape (at most 8). Positions in the training table of the images nearest to the
        centroid, nearest first.

    """

    factor: int
    cluster: int
    histogram: IntArray
    mean_image: FloatArray
    nearest: IntArray

    @property
    def size(self) -> int:
        """How many training images it holds."""
        return int(self.histogram.sum())


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Atlas:
    """A row for each factor, a portrait for each of its clusters.

    Attributes
    ----------
    portraits
        Indexed by factor, then by cluster.
    units
        For each factor the units that it looks at.
    titles
        For each factor a few words.

    """

    portraits: tuple[tuple[ClusterPortrait, ...], ...]
    units: tuple[IntArray, ...]
    titles: tuple[str, ...]


def draw_atlas(reading: Reading, train: ActivationTable, *, nearest: int = 8) -> Atlas:
    """Describe every cluster by the training images in it."""
    layer = reading.layer_of(train)
    factors = range(len(reading.clusters))
    return Atlas(
        portraits=tuple(
            _portraits(factor, reading.distances(layer, factor), train, nearest)
            for factor in factors
        ),
        units=tuple(reading.units(factor) for factor in factors),
        titles=tuple(reading.title(factor) for factor in factors),
    )


def _portraits(
    factor: int, distances: AnyArray, train: ActivationTable, nearest: int
) -> tuple[ClusterPortrait, ...]:
    ids = distances.argmin(axis=1)
    classes = train.logits.shape[1]
    found = []
    for cluster in range(distances.shape[1]):
        members = np.flatnonzero(ids == cluster)
        order = np.argsort(distances[members, cluster], kind="stable")[:nearest]
        histogram = np.bincount(train.predicted[members], minlength=classes)
        portrait = ClusterPortrait(
            factor=factor,
            cluster=cluster,
            histogram=histogram.astype(np.int64),
            mean_image=_mean_image(train.pixels, members),
            nearest=members[order],
        )
        found.append(portrait)
    return tuple(found)


def _mean_image(pixels: FloatArray, members: IntArray) -> FloatArray:
    if not len(members):
        return np.zeros(pixels.shape[1:], dtype=np.float32)
    return np.asarray(pixels[members].mean(axis=0), dtype=np.float32)
