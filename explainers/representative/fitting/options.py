"""What a user may set of the method."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from explainers.option_reading import read_options
from explainers.representative.fitting.exact import exact_cover
from explainers.representative.served.search import SearchSettings

Positive = Annotated[int, Field(ge=1)]


class RuleSetOptions(BaseModel):
    """How the rule set is built.

    Attributes
    ----------
    mode
        ``pruned`` (greedy, then without what is redundant), ``greedy`` (nothing is
        dropped), ``exact`` (the optimal choice from the sampled boundaries) or ``paper``
        (``greedy`` with 50 boundaries and none added).
    boundaries
        |Q|: how many boundaries are sampled for a seed at first.
    most_boundaries
        How many at most, where images of another class are still inside.
    search
        ``cautious`` (the next point tried is 0.9 of the way back) or ``bisection``.
    seeds
        From how many training images polytopes are found at most.
    polytopes
        How many of them are kept at most.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["pruned", "greedy", "exact", "paper"] = "pruned"
    boundaries: Positive = 100
    most_boundaries: Positive = 1500
    search: Literal["cautious", "bisection"] = "cautious"
    seeds: Positive = 240
    polytopes: Positive = 150

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read what was set; raise `FittingError` on an unknown name or a wrong value."""
        return read_options(cls, "representative", given)

    def search_settings(self) -> SearchSettings:
        """Give the same as settings of the search for one seed."""
        if self.mode == "paper":
            return SearchSettings.paper()
        return SearchSettings(
            boundaries=self.boundaries,
            most_boundaries=max(self.most_boundaries, self.boundaries),
            weight=0.9 if self.search == "cautious" else 0.5,
            prune=self.mode == "pruned",
            solver=exact_cover if self.mode == "exact" else None,
        )
