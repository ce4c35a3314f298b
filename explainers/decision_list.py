"""Decision lists: when one of several methods stands firmly behind what it says."""

import dataclasses
from typing import Protocol, final

import numpy as np

from explainers.arrays import check_range
from explainers.errors import ArtefactError


class Standing(Protocol):
    """All that the rule may know of an evidence: never what the network says."""

    @property
    def region(self) -> str | None:
        """The region of the model that the image falls in."""
        ...

    @property
    def names(self) -> int | None:
        """The class that the method finds by itself: its region's."""
        ...

    @property
    def strength(self) -> float | None:
        """How firmly the method itself stands behind its answer."""
        ...


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """When one method is *firm*: one line of a decision list.

    Attributes
    ----------
    method
        Which.
    company
        How many of the other methods asked must name the same class by themselves.
    least_strength
        Of the method's own evidence.

    """

    method: str
    company: int
    least_strength: float


@final
@dataclasses.dataclass(frozen=True, slots=True)
class DecisionList:
    """How the first choice is found among the methods that were asked.

    Attributes
    ----------
    entries
        The first choice is the method of the first of them that holds.
    otherwise
        All methods asked: where no entry holds, the first choice is the first of these that
        has a region for the image.
    target
        The lower bound of fidelity that every entry reached on validation images.
    reached
        Whether `target` is one that is asked for; where not, the validation split could show
        only this, or nothing (no entries).

    """

    entries: tuple[Entry, ...]
    otherwise: tuple[str, ...]
    target: float
    reached: bool

    @property
    def asking(self) -> tuple[str, ...]:
        """Name the methods in the order in which they are best asked."""
        return tuple(dict.fromkeys((*(entry.method for entry in self.entries), *self.otherwise)))


def is_strong(entry: Entry, own: Standing) -> bool:
    """Tell whether a method's own evidence reaches its cut."""
    if own.region is None or own.strength is None:
        return False
    return own.strength >= entry.least_strength


def check_list(key: str, one: DecisionList) -> None:
    """Raise `ArtefactError` where a list cannot be one of the methods joined in `key`."""
    named, asked = [entry.method for entry in one.entries], key.split("+")
    if sorted(one.otherwise) != sorted(asked) or len(set(named)) != len(named):
        raise ArtefactError(
            f"the decision list of {key} must order {asked}, each once, not "
            f"{list(one.otherwise[:20])}, {named[:20]}"
        )
    for entry in one.entries:
        if entry.method not in asked or not 0 <= entry.company < len(asked):
            raise ArtefactError(
                f"an entry of the decision list of {key} must name one of them, and a company "
                f"of 0 to {len(asked) - 1}, not {entry.method} and {entry.company}"
            )
        check_range("least_strength", np.array([entry.least_strength]), 0.0, 1.0)
    check_range("target", np.array([one.target]), 0.0, 1.0)
