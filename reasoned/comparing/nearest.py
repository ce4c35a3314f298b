"""The nearest stored example of many images."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import final

import numpy as np

from explainers.arrays import ByteArray, IntArray, make_read_only
from reasoned.answers import TextArray
from reasoned.explaining import Parts


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NearestExamples:
    """Which representative lies nearest to each image.

    Attributes
    ----------
    rows
        Shape (images). Its row in the data that the model was fitted on.
    clusters
        Shape (images). The name of its cluster of the first level.

    """

    rows: IntArray
    clusters: TextArray

    def __post_init__(self) -> None:
        make_read_only(self)


def nearest_examples(
    parts: Parts,
    images: Sequence[ByteArray],
    progress: Callable[..., Iterable[int]],
    what: str = "nearest examples",
) -> NearestExamples:
    """Find them as the service does.

    Parameters
    ----------
    parts
        Of the model.
    images
        Each of shape (rows, columns, channels), as they are decoded.
    progress
        Shows the images.
    what
        What the progress bar calls them.

    """
    stored = parts.representatives
    positions = [_nearest(parts, images[i]) for i in progress(range(len(images)), what)]
    clusters = [stored.cluster_names[place] for place in stored.clusters[positions].tolist()]
    return NearestExamples(stored.rows[positions], np.array(clusters, object))


def _nearest(parts: Parts, image: ByteArray) -> int:
    activations = parts.network.run(parts.preprocessing.apply(image))
    return parts.representatives.find(activations, 1).positions[0]
