"""Two models and the images that neither has seen, opened for a comparison."""

import dataclasses
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import IntArray
from reasoned.comparing.thresholds import Thresholds
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.some_images import SomeImages
from reasoned.errors import DataError, FolderError
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.folder.checking import read_manifest
from reasoned.model import ExplainedModel


@final
@dataclasses.dataclass(frozen=True)
class CompareRequest:
    """What is compared, on which data, and how far it may move.

    Attributes
    ----------
    before, after
        Model folders, A and B.
    data, data_dir, groups
        The data that A was fitted on, as `reasoned fit` was told.
    images
        How many images are drawn from the test split; None for all.
    seed
        Draws them, and the images of the intervals.
    thresholds
        What is still accepted.

    """

    before: Path
    after: Path
    data: str
    data_dir: Path | None = None
    groups: str | None = None
    images: int | None = None
    seed: int = 0
    thresholds: Thresholds = dataclasses.field(default_factory=Thresholds)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Pair:
    """Two models, and images.

    Attributes
    ----------
    before, after
        A and B.
    dataset, rows
        The images: their data set and, of shape (images), their rows in it.
    same_data
        Whether both models were fitted on this data.
    notes
        What must be known of the choice of the images.

    """

    before: ExplainedModel
    after: ExplainedModel
    dataset: Dataset
    rows: IntArray
    same_data: bool
    notes: tuple[str, ...]

    @property
    def images(self) -> "SomeImages":
        """The images, decoded one by one."""
        return SomeImages(self.dataset, self.rows)


def open_pair(request: CompareRequest) -> Pair:
    """Open two model folders and the test images of the first that neither has seen.

    Raises
    ------
    FolderError
        When a folder is not as it was written, or the models answer with different classes.
    DataError
        When the data is not what A was fitted on, or no image of it is new to both.

    """
    _check_classes(request)
    own = open_own_splits(request.before, request.data, request.data_dir, request.groups)
    before, after = ExplainedModel.load(request.before), ExplainedModel.load(request.after)
    same_data = after.manifest.data.sha256 == before.manifest.data.sha256
    rows, note = _unseen(request, own) if same_data else (own.splits.test, _unknown(after))
    if not len(rows):
        raise DataError(
            f"no test image of {request.before} is new to {request.after}, so that nothing can be "
            "compared; fit both on the same splits"
        )
    return Pair(before, after, own.dataset, _drawn(rows, request), same_data, note)


def _check_classes(request: CompareRequest) -> None:
    before, after = (read_manifest(folder)[0].classes for folder in (request.before, request.after))
    if before != after:
        raise FolderError(
            f"both models must answer with the same classes in the same order, but "
            f"{request.before} has {', '.join(before)} and {request.after} has {', '.join(after)}"
        )


def _unseen(request: CompareRequest, own: OwnSplits) -> tuple[IntArray, tuple[str, ...]]:
    """Leave out test images of A that B was fitted, chosen or calibrated on."""
    other = open_own_splits(request.after, request.data, request.data_dir, request.groups)
    rows: IntArray = np.intersect1d(own.splits.test, other.splits.test)
    left = len(own.splits.test) - len(rows)
    if not left:
        return rows, ()
    return rows, (f"{left} test images of A are left out: B's fit has used them.",)


def _unknown(after: ExplainedModel) -> tuple[str, ...]:
    fitted = f"B was fitted on {after.manifest.data.spec}, not on this data"
    return (f"{fitted}: whether it has seen some of these images is not known here.",)


def _drawn(rows: IntArray, request: CompareRequest) -> IntArray:
    if request.images is None or request.images >= len(rows):
        return rows
    rng = np.random.default_rng([request.seed, 0])
    found: IntArray = np.sort(rng.choice(rows, request.images, replace=False))
    return found
