"""The status of an explanation: what is said of the region that an image falls in."""

import dataclasses
from pathlib import Path
from typing import ClassVar, Literal, Self, final

import numpy as np

from explainers import storage
from explainers.arrays import check_range

Status = Literal["supported", "weak", "out_of_support"]
STATUSES: tuple[Status, ...] = ("supported", "weak", "out_of_support")


@final
@dataclasses.dataclass(frozen=True)
class StatusRule:
    """The rule, fixed on validation images; it never reads the network's class.

    An image beyond a limit of support is ``out_of_support``. Else it is ``supported``
    where the first evidence has a region and stands behind it with at least
    `least_strength`, and ``weak`` where not.

    Attributes
    ----------
    least_strength
        The least strength, such as the meta-level forest's vote for the leaf's class.
    target
        The lower bound of fidelity that was asked of the supported validation images.
    reached
        Whether the validation split could show that bound; `target` is then the bound
        that it could show.

    """

    name: ClassVar[str] = "status"

    least_strength: float
    target: float
    reached: bool

    def __post_init__(self) -> None:
        check_range("least_strength", np.array([self.least_strength]), 0.0, 2.0)
        check_range("target", np.array([self.target]), 0.0, 1.0)

    def status(self, *, outside: bool, region: str | None, strength: float | None) -> Status:
        """Give the status of an image in `region`, with the evidence's strength there."""
        if outside:
            return "out_of_support"
        if region is None or strength is None or strength < self.least_strength:
            return "weak"
        return "supported"

    def save(self, folder: Path) -> None:
        """Write ``status.safetensors`` and ``status.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
