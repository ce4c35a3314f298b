"""How the boundaries of a polytope are sampled and chosen."""

import dataclasses
from collections.abc import Callable
from typing import Self, final

from explainers.errors import FittingError
from explainers.representative.served.search.bitsets import Bits

Solver = Callable[[Bits, Bits, Bits], list[int]]


@final
@dataclasses.dataclass(frozen=True)
class SearchSettings:
    """How one polytope is looked for.

    Attributes
    ----------
    boundaries
        How many searches to start with: |Q| of the paper.
    most_boundaries
        How many searches at most, with those that enlarge Q. Only redraws of failed searches
        are made whatever their number, and may go beyond it.
    redraws
        How often failed searches of the start are replaced by new ones.
    weight
        How much of the near end is in a search's next point: 0.9 cautious, 0.5 bisection.
    enlarge
        Whether to search on, towards what is still wrongly inside, until nothing is.
    prune
        Whether to drop chosen boundaries that the rest do not need.
    solver
        What chooses the boundaries instead of the greedy algorithm, or None. It is given
        `cuts_d`, `cuts_s` and `needed`; see `greedy_cover`.

    Raises
    ------
    FittingError
        When a number is out of range.

    """

    boundaries: int = 100
    most_boundaries: int = 1500
    redraws: int = 3
    weight: float = 0.9
    enlarge: bool = True
    prune: bool = True
    solver: Solver | None = None

    def __post_init__(self) -> None:
        if self.boundaries < 1 or self.most_boundaries < self.boundaries or self.redraws < 0:
            raise FittingError(
                "a search needs 1 <= boundaries <= most_boundaries and redraws >= 0, not "
                f"{self.boundaries}, {self.most_boundaries} and {self.redraws}"
            )
        if not 0.0 < self.weight < 1.0:
            raise FittingError(f"weight must lie between 0 and 1, not {self.weight}")

    @classmethod
    def paper(cls) -> Self:
        """Give those of the paper: 50 boundaries, never more, and none dropped."""
        return cls(boundaries=50, most_boundaries=50, enlarge=False, prune=False)
