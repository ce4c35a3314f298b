"""What is done in the writer's thread beside writing."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final, final

_LOGGER: Final = logging.getLogger("reasoned.ledger")
_EVERY: Final = 1.0  # seconds


@final
class Afterwards:
    """Calls that follow each transaction, of which one that raises stops no other.

    Parameters
    ----------
    calls
        In this order.

    """

    def __init__(self, calls: Sequence[Callable[[], object]]) -> None:
        self._calls = tuple(calls)
        self._failing = set[int]()
        self._last = time.monotonic()
        self.mishaps = 0

    def run_if_due(self) -> None:
        """Call all, unless they were called within the last second."""
        if time.monotonic() - self._last >= _EVERY:
            self.run()

    def run(self) -> None:
        """Call all; what one raises is logged once, until it has succeeded again."""
        for index, call in enumerate(self._calls):
            try:
                call()
            except Exception:
                self.mishaps += 1
                if index not in self._failing:
                    self._failing.add(index)
                    _LOGGER.exception("what follows the writing of the ledger failed: %r", call)
            else:
                self._failing.discard(index)
        self._last = time.monotonic()
