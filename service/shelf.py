"""What was answered before, for the routes that show it."""

import dataclasses
from collections.abc import Callable
from typing import Final, Self, final

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import Stored, read
from reasoned.reply.hindsight import Hindsight
from service.errors import NotFoundError
from service.served_model import ServedModel
from service.work import WorkPool

_READERS: Final = 2
_WAITING: Final = 64
_OFF: Final = "This service keeps no ledger: it runs with REASONED_LEDGER=off."


def _nothing() -> None:
    """Wait for nothing."""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Shelf:
    """The ledger, and how it is read.

    Attributes
    ----------
    ledger
        Where decisions are; None where none are recorded.
    reading
        The threads that read: a database may be slow, and no prediction should wait for it.
    flushed
        Waits, half a second at the most, until what was put for writing is written.
    hindsight
        Says what may be shown now of what was answered before.
    model
        The digest of the model that is served.
    classes
        The names of its classes.
    run_length
        How many requests apart the detectors' false alarms are; 0 where this service moves none.

    """

    ledger: Ledger | None
    reading: WorkPool
    flushed: Callable[[], None] = _nothing
    hindsight: Callable[[], Hindsight] = Hindsight
    model: str = ""
    classes: tuple[str, ...] = ()
    run_length: int = 0

    @classmethod
    def empty(cls) -> Self:
        """Give the shelf of a service that records nothing."""
        return cls(None, reading_pool())

    def opened(self) -> Ledger:
        """Give the ledger.

        Raises
        ------
        NotFoundError
            When the service keeps none.

        """
        if self.ledger is None:
            raise NotFoundError(_OFF)
        return self.ledger

    def find(self, name: str, tenant: str) -> Stored:
        """Find a decision of one tenant, also one that is still to be written.

        Raises
        ------
        NotFoundError
            When there is none of this name, or it is another tenant's.

        """
        ledger = self.opened()
        found = read(ledger, name, tenant)
        if found is None:
            self.flushed()
            found = read(ledger, name, tenant)
        if found is None:
            raise NotFoundError(f"The ledger has no explanation {name[:80]!r}.")
        return found

    def shown(self, found: Stored, now: Hindsight | None = None) -> Stored:
        """Give a decision as it may be shown now."""
        now, decision = now or self.hindsight(), found.decision
        reply = decision.reply
        if reply is not None:
            reply = now.reply(reply, decision.model, decision.disclosure)
        left = dataclasses.replace(decision, cited=now.cited(decision.cited), reply=reply)
        return dataclasses.replace(found, decision=left)


def hindsight_of(model: ServedModel) -> Hindsight:
    """Say what may be shown now, by the model that answers."""
    return Hindsight(model.sha256, model.disclosure, model.hidden)


def reading_pool() -> WorkPool:
    """Start the threads that read the ledger, and the few requests that may wait for them."""
    return WorkPool(_READERS, _WAITING)
