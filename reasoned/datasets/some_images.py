"""Some images of a data set, as a sequence."""

import dataclasses
from collections.abc import Sequence
from typing import final, overload

from explainers.arrays import ByteArray, IntArray
from reasoned.datasets.dataset import Dataset


@final
@dataclasses.dataclass(frozen=True, eq=False)
class SomeImages(Sequence[ByteArray]):
    """The images in some rows of a data set, each decoded when it is asked for.

    Attributes
    ----------
    dataset
        Where they are.
    rows
        Shape (images).

    """

    dataset: Dataset
    rows: IntArray

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> ByteArray: ...
    @overload
    def __getitem__(self, place: slice) -> "SomeImages": ...
    def __getitem__(self, place: int | slice) -> "ByteArray | SomeImages":
        if isinstance(place, slice):
            return SomeImages(self.dataset, self.rows[place])
        return self.dataset.image(int(self.rows[place]))
