"""The reference images: what a polytope is counted on."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import FloatArray, IntArray, check_shape
from explainers.errors import ArtefactError

_BLOCK = 4096


@final
@dataclasses.dataclass(frozen=True, eq=False)
class References:
    """Reference images in boundary space, with the network's predictions; no label is used.

    Attributes
    ----------
    points
        Shape (images, units). May be a memory map.
    predicted
        Shape (images). The class that the network gives.
    reach
        The largest distance of a point from the origin, derived.

    Raises
    ------
    ShapeError
        When the two do not belong together.
    ArtefactError
        When a point is not finite.

    """

    points: FloatArray
    predicted: IntArray
    reach: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        check_shape("points of the references", self.points, "images", "units")
        check_shape("predicted", self.predicted, "images", images=len(self.points))
        longest = 0.0
        for start in range(0, len(self.points), _BLOCK):
            block = self.points[start : start + _BLOCK].astype(np.float64)
            longest = max(longest, float(np.einsum("iu,iu->i", block, block).max()))
            if not np.isfinite(block).all():
                raise ArtefactError(
                    f"references {start} to {start + len(block) - 1} must be finite, but hold NaN "
                    "or infinity: leave such images out"
                )
        object.__setattr__(self, "reach", longest**0.5)

    def __len__(self) -> int:
        return len(self.points)
