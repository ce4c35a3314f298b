"""What a client may ask of one reply."""

import dataclasses
from typing import Literal, final

from reasoned.errors import OptionsError

Explain = Literal["none", "trace", "full"]
MOST_NEIGHBOURS = 20


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ReplyOptions:
    """How much of an explanation is wanted, and by when.

    Attributes
    ----------
    explain
        ``none`` (class only), ``trace`` (the first choice, and what it takes to carry the
        network's class) or ``full`` (every packaged method).
    methods
        The methods to run, or None for those that `explain` implies.
    neighbours
        How many representative examples, 0 to 20.
    deadline_ms
        Milliseconds from the request's arrival after which no further step is begun; the
        class always comes back.

    """

    explain: Explain = "trace"
    methods: tuple[str, ...] | None = None
    neighbours: int = 5
    deadline_ms: float | None = None

    def __post_init__(self) -> None:
        if self.explain not in ("none", "trace", "full"):
            raise OptionsError(f"explain must be none, trace or full, not {self.explain[:80]!r}")
        if not 0 <= self.neighbours <= MOST_NEIGHBOURS:
            raise OptionsError(f"neighbours must be 0 to {MOST_NEIGHBOURS}, not {self.neighbours}")
        if self.deadline_ms is not None and not 0 < self.deadline_ms < float("inf"):
            raise OptionsError(f"deadline_ms must be above 0, not {self.deadline_ms}")


DEFAULT = ReplyOptions()
