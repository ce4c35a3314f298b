"""The status of an explanation: what is said of the region that an image falls in."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, Protocol, Self, final

import numpy as np

from explainers import storage
from explainers.arrays import check_range
from explainers.errors import ArtefactError

Status = Literal["supported", "weak", "out_of_support"]
STATUSES: tuple[Status, ...] = ("supported", "weak", "out_of_support")


class Standing(Protocol):
    """All that the rule may know of an evidence: never what it names."""

    @property
    def region(self) -> str | None:
        """The region of the model that the image falls in."""
        ...

    @property
    def strength(self) -> float | None:
        """How firmly the method itself stands behind its answer."""
        ...


@final
@dataclasses.dataclass(frozen=True)
class StatusRule:
    """The rule, fixed on validation images; it never reads the network's class.

    It is a decision list. A method with regions is *firm* where the image has a region and
    the evidence at least the method's least strength. The first choice is the first method
    of `order` that is firm. An image beyond a limit of support is ``out_of_support``, else
    ``supported`` where its first choice is firm, and ``weak`` where not.

    Attributes
    ----------
    order
        The methods with regions, in the order in which they are asked.
    least_strength
        Per method the least strength, such as the meta-level forest's vote for the leaf's
        class; 2 where the method is never firm.
    target
        Per method the lower bound of fidelity that was asked of the validation images where
        it is the first that is firm.
    reached
        Per method whether the validation split could show that bound. Where not, `target`
        is the bound that it could show, or the method is never firm.

    """

    name: ClassVar[str] = "status"

    order: tuple[str, ...]
    least_strength: dict[str, float]
    target: dict[str, float]
    reached: dict[str, bool]

    def __post_init__(self) -> None:
        for field in ("least_strength", "target", "reached"):
            named = getattr(self, field)
            if len(set(self.order)) != len(self.order) or set(named) != set(self.order):
                raise ArtefactError(
                    f"{field} of the status rule must name the methods of its order, each once: "
                    f"{list(self.order)}, not {list(named)}"
                )
        check_range("least_strength", np.array([*self.least_strength.values()]), 0.0, 2.0)
        check_range("target", np.array([*self.target.values()]), 0.0, 1.0)

    def firm(self, method: str, standing: Standing) -> bool:
        """Tell whether a method stands firmly behind what it says of an image."""
        least, strength = self.least_strength.get(method), standing.strength
        if least is None or strength is None or standing.region is None:
            return False
        return strength >= least

    def first_choice(self, found: Mapping[str, Standing]) -> str:
        """Name the method of first choice among those that were asked, which are not none.

        Where none is firm it is the first in order that has a region for the image.
        """
        asked = [name for name in self.order if name in found]
        for name in asked:
            if self.firm(name, found[name]):
                return name
        placed = (name for name in asked if found[name].region is not None)
        return next(placed, next(iter(asked or found)))

    def status(self, method: str, standing: Standing, *, outside: bool) -> Status:
        """Give the status of an image whose first choice is `method`."""
        if outside:
            return "out_of_support"
        return "supported" if self.firm(method, standing) else "weak"

    def save(self, folder: Path) -> None:
        """Write ``status.safetensors`` and ``status.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
