"""The time that a reply may take."""

import dataclasses
import time
from typing import final


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A deadline, measured from the request's arrival."""

    started: float
    milliseconds: float | None

    def late(self) -> str | None:
        """Say why no further step may begin, or give None while there is time."""
        if self.milliseconds is None:
            return None
        passed = 1000.0 * (time.perf_counter() - self.started)
        if passed < self.milliseconds:
            return None
        return f"the deadline of {self.milliseconds:g} ms had passed"
