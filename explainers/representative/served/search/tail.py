"""What the search asks of the network above the explained map."""

from typing import Protocol

from explainers.arrays import DoubleArray, IntArray


class Tail(Protocol):
    """The network above boundary space: G of the paper."""

    def logits(self, points: DoubleArray) -> DoubleArray:
        """Give logits, shape (points, classes), for points (points, units)."""
        ...

    def local(
        self, points: DoubleArray, first: IntArray, second: IntArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Give normals (points, units) and offsets (points) of ``G_first - G_second``.

        They are its local affine form: ``normals @ point + offsets`` is its value there.
        """
        ...
