"""The images that an assessment looks at: those that no fit, choice or calibration saw."""

import dataclasses
from pathlib import Path
from typing import Self, final

import numpy as np

from explainers.arrays import IntArray
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.some_images import SomeImages
from reasoned.fitting.own_splits import open_own_splits
from reasoned.model import ExplainedModel

_DRAWS = 10


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Unseen:
    """A model, and labelled images that it never saw.

    Attributes
    ----------
    model
        The model.
    images
        Each of shape (rows, columns, channels).
    labels
        Shape (images). The true classes.
    ids
        What each image is called.

    """

    model: ExplainedModel
    images: SomeImages
    labels: IntArray
    ids: tuple[str, ...]

    @classmethod
    def of(cls, model: ExplainedModel, dataset: Dataset, rows: IntArray) -> Self:
        """Take some rows of a data set."""
        ids = tuple(dataset.example_id(int(row)) for row in rows)
        return cls(model, SomeImages(dataset, rows), dataset.labels[rows], ids)

    def __len__(self) -> int:
        return len(self.labels)

    def some(self, count: int, seed: int) -> Self:
        """Choose so many at random, or give all where there are no more."""
        chosen = np.random.default_rng([seed, _DRAWS]).permutation(len(self))[:count]
        return type(self).of(self.model, self.images.dataset, np.sort(self.images.rows[chosen]))


def open_unseen(
    folder: Path, spec: str, data_dir: Path | None = None, groups: str | None = None
) -> Unseen:
    """Open a model folder, and the test split of the data that it was fitted on.

    Parameters
    ----------
    folder
        A model folder.
    spec, data_dir, groups
        The data, as `reasoned fit` was told.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or falls into other splits.

    """
    own = open_own_splits(folder, spec, data_dir, groups)
    return Unseen.of(ExplainedModel.load(folder), own.dataset, own.splits.test)
