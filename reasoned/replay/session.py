"""Replay decisions out of a ledger, each under the disclosure that it was made under."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Self, final

from sqlalchemy import select

from reasoned.errors import ReplayError
from reasoned.ledger.decision import Decision
from reasoned.ledger.reading import Opened, read
from reasoned.ledger.tables import DECISION
from reasoned.model import ExplainedModel
from reasoned.replay.disclosed import Withheld, disclosed, withheld_before
from reasoned.replay.replay import Replay, check_model, replay


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ReplaySession:
    """A ledger and a model.

    Attributes
    ----------
    ledger
        Where decisions are.
    model
        As it is loaded: it discloses everything.
    also
        Ids of a file, which may have been withheld.

    """

    ledger: Opened
    model: ExplainedModel
    also: Withheld = frozenset()
    _made: dict[str, ExplainedModel] = dataclasses.field(default_factory=dict, repr=False)

    def replay(self, decision: Decision) -> Replay:
        """Compute a decision again.

        Raises
        ------
        ReplayError
            When another model answered, too little is kept, or it cannot be told what was
            disclosed.

        """
        check_model(decision, self.model)
        word = decision.disclosure
        if word not in self._made:
            ids = withheld_before(self.ledger, decision.at, self.also)
            self._made[word] = disclosed(self.model, word, ids)
        return replay(decision, self._made[word])

    def find(self, name: str) -> Decision:
        """Find a decision by the reply's id, else by the client's.

        Raises
        ------
        ReplayError
            When there is none.

        """
        found = read(self.ledger, name, None)
        if found is None:
            raise ReplayError(f"the ledger has no decision {name[:80]!r}")
        return found.decision

    def all(self, since: float | None, limit: int | None) -> Iterator[Replay | ReplayError]:
        """Replay many, the newest first; what cannot be replayed gives its error.

        Parameters
        ----------
        since
            Seconds since 1970; None for the beginning.
        limit
            How many at the most; None for all.

        """
        for name in ids(self.ledger, since, limit):
            found = read(self.ledger, name, None)
            if found is None:  # deleted meanwhile, by age
                continue
            try:
                yield self.replay(found.decision)
            except ReplayError as error:
                yield error


def ids(ledger: Opened, since: float | None, limit: int | None) -> list[str]:
    """Name the newest decisions."""
    asked = select(DECISION.c.id).order_by(DECISION.c.at.desc(), DECISION.c.seq.desc())
    if since is not None:
        asked = asked.where(DECISION.c.at >= since)
    with ledger.engine.connect() as connection:
        return list(connection.execute(asked.limit(limit)).scalars())


@final
@dataclasses.dataclass(slots=True)
class Counts:
    """How many replays came out how.

    Attributes
    ----------
    equal
        Those that are equal.
    whole
        Of these, those whose replies were compared byte for byte.
    differing
        Per step how many differ there first.
    refused
        Those that could not be replayed.

    """

    equal: int = 0
    whole: int = 0
    refused: int = 0
    differing: Counter[str] = dataclasses.field(default_factory=Counter)

    def add(self, found: Replay | ReplayError) -> Self:
        """Count one."""
        if isinstance(found, ReplayError):
            self.refused += 1
        elif found.step is None:
            self.equal += 1
            self.whole += found.bytes_compared
        else:
            self.differing[found.step] += 1
        return self

    @property
    def replayed(self) -> int:
        """How many were computed again."""
        return self.equal + self.differing.total()
