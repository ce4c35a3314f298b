"""What every data set offers, wherever its images lie."""

import dataclasses
from abc import ABC, abstractmethod
from typing import final

import numpy as np

from explainers.arrays import BoolArray, ByteArray, IntArray, check_shape, make_read_only
from reasoned.errors import DataError


@dataclasses.dataclass(frozen=True, eq=False)
class Dataset(ABC):
    """Labelled images, decoded one by one.

    A row is an image's position. The rows of the official test split, where there is
    one, come last.

    Attributes
    ----------
    name
        What the data set is called in cards and messages.
    classes
        The class names, in the order of the network's logits.
    labels
        Shape (images). Each image's position in `classes`.
    official_test
        Shape (images). True where the image belongs to the published test split.
    groups
        Shape (images). Images of one object share a number; None where every image
        stands for itself.

    """

    name: str
    classes: tuple[str, ...]
    labels: IntArray
    official_test: BoolArray
    groups: IntArray | None

    @final
    def __post_init__(self) -> None:
        images = len(self.labels)
        check_shape("labels", self.labels, "images")
        check_shape("official_test", self.official_test, "images", images=images)
        if self.groups is not None:
            check_shape("groups", self.groups, "images", images=images)
        if images and (self.labels.min() < 0 or self.labels.max() >= len(self.classes)):
            raise DataError(
                f"labels of {self.name} must lie in 0 to {len(self.classes) - 1}, one for each "
                f"class, but run from {self.labels.min()} to {self.labels.max()}"
            )
        if np.any(np.diff(self.official_test.astype(np.int8)) < 0):
            raise DataError(f"the test rows of {self.name} must come after all others")
        make_read_only(self)

    @final
    def __len__(self) -> int:
        return len(self.labels)

    @abstractmethod
    def image(self, row: int) -> ByteArray:
        """Decode one image, of shape (rows, columns, channels), with one or three channels.

        Raises
        ------
        DataError
            When the image cannot be read; the message names the file.

        """

    @final
    def example_id(self, row: int) -> str:
        """Name one image, shortly and safely for a URL: ``train-004711``.

        Raises
        ------
        IndexError
            When there is no such row.

        """
        self.check_row(row)
        before_test = len(self) - int(self.official_test.sum())
        if row >= before_test:
            return f"test-{row - before_test:06d}"
        return f"{'image' if before_test == len(self) else 'train'}-{row:06d}"

    @final
    def check_row(self, row: int) -> None:
        """Raise `IndexError` unless there is such a row; negative ones there are none."""
        if not 0 <= row < len(self):
            raise IndexError(f"row must be 0 to {len(self) - 1}, not {row}")

    @abstractmethod
    def checksum(self) -> str:
        """Compute the SHA-256 that identifies images, labels and class order."""
