"""One consumer at a time: who may move a model's detectors, and where they stand."""

import dataclasses
import time
from collections.abc import Callable
from typing import Any, Final, final

from sqlalchemy import Connection, Engine, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from reasoned.ledger.tables import MONITOR

SECONDS: Final = 15.0
# A lease that ends later was taken before a clock was set back: its owner may be gone for long.
_FARTHEST: Final = 10 * SECONDS
_INSERT: Final[dict[str, Callable[..., Any]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_MOVE: Final = text(
    "UPDATE monitor SET seq = :seq, feedback = :feedback, counted = :counted, state = :state, "
    "updated = :updated WHERE model = :model AND seq = :old_seq AND feedback = :old_feedback"
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a model's detectors stand.

    Attributes
    ----------
    seq, feedback
        The last decision and the last feedback that were passed.
    counted
        Decisions that were counted, ever.
    state
        As `Watch.state` writes it; empty before the first.

    """

    seq: int = 0
    feedback: int = 0
    counted: int = 0
    state: bytes = b""


@final
class Lease:
    """The right to move a model's detectors, for some seconds at a time.

    It spares work: that nothing is counted twice rests on `move` alone, which moves only from
    where the mover believes to stand.
    """

    def __init__(self, engine: Engine, model: str, owner: str) -> None:
        self._engine = engine
        self._model = model
        self._owner = owner
        self._until = 0.0  # by this process's own clock

    def hold(self) -> bool:
        """Say whether the lease is held, taking or renewing it where that is due."""
        left = self._until - time.monotonic()
        if left > SECONDS / 2:
            return True
        now, mono = time.time(), time.monotonic()
        self._until = 0.0
        if self._is_taken(now):
            return False
        with self._engine.begin() as connection:
            if not self._take(connection, now):
                return False
        self._until = mono + SECONDS
        return True

    def release(self) -> None:
        """Let others have it at once."""
        self._until = 0.0
        own = (MONITOR.c.model == self._model) & (MONITOR.c.owner == self._owner)
        with self._engine.begin() as connection:
            connection.execute(update(MONITOR).where(own).values(owner=None, until=0.0))

    def forget(self) -> None:
        """Ask the database again before the next step."""
        self._until = 0.0

    def standing(self, connection: Connection) -> Standing:
        """Read where the detectors stand."""
        wanted = select(MONITOR.c.seq, MONITOR.c.feedback, MONITOR.c.counted, MONITOR.c.state)
        row = connection.execute(wanted.where(MONITOR.c.model == self._model)).one_or_none()
        if row is None:
            return Standing()
        return Standing(row.seq, row.feedback, row.counted, bytes(row.state))

    def move(self, connection: Connection, old: Standing, new: Standing) -> bool:
        """Move on from where the detectors stand; False where they stand elsewhere."""
        told = dataclasses.asdict(new) | {"updated": time.time(), "model": self._model}
        told |= {"old_seq": old.seq, "old_feedback": old.feedback}
        return connection.execute(_MOVE, told).rowcount == 1

    def _is_taken(self, now: float) -> bool:
        """Look whether another holds it, which costs no lock; make the row where there is none."""
        wanted = select(MONITOR.c.owner, MONITOR.c.until).where(MONITOR.c.model == self._model)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is not None:
            held = now <= row.until <= now + _FARTHEST
            return held and row.owner not in (None, self._owner)
        new = {"model": self._model, **dataclasses.asdict(Standing()), "updated": now, "until": 0.0}
        with self._engine.begin() as connection:
            insert = _INSERT[connection.dialect.name](MONITOR)
            connection.execute(insert.values(new).on_conflict_do_nothing())
        return False

    def _take(self, connection: Connection, now: float) -> bool:
        mine = or_(MONITOR.c.owner.is_(None), MONITOR.c.owner == self._owner)
        over = or_(MONITOR.c.until < now, MONITOR.c.until > now + _FARTHEST)
        taken = update(MONITOR).where(MONITOR.c.model == self._model, or_(mine, over))
        told = {"owner": self._owner, "until": now + SECONDS, "updated": now}
        return connection.execute(taken.values(told)).rowcount == 1
