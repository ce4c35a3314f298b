"""A decision as it was recorded, beside the same computed again."""

import dataclasses
from typing import Any, Self, final

import orjson

from reasoned.ledger.decision import Decision
from reasoned.reply.outcome import Answered, Outcome


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What is compared.

    Attributes
    ----------
    decision
        The row, with the reply's bytes where these were kept.
    stored
        The stored reply as JSON; None where it was not kept, or is no JSON object.
    outcome, body
        Computed again: the row's figures, and the reply's bytes.
    again
        These bytes as JSON.
    skipped
        What a deadline left out, in words; it is not compared.
    placed
        Whether the nearest examples were sought before the deadline.

    """

    decision: Decision
    stored: dict[str, Any] | None
    outcome: Outcome
    body: bytes
    again: dict[str, Any]
    skipped: tuple[str, ...] = ()
    placed: bool = True

    @classmethod
    def of(cls, decision: Decision, answered: Answered, *, deadline: bool) -> Self:
        """Read both replies; only under a deadline anything was left out."""
        stored = None if decision.reply is None else _object(decision.reply)
        again: dict[str, Any] = orjson.loads(answered.body)
        skipped = _skipped(stored) if deadline and stored else ()
        return cls(
            decision,
            stored,
            answered.outcome,
            answered.body,
            again,
            skipped,
            "examples" not in skipped,
        )

    @property
    def whole(self) -> bool:
        """Whether nothing was left out, so that the conclusions can be compared too."""
        return not self.skipped

    def doubted(self) -> Self:
        """Compare only what was done for sure, where no reply says what was left out."""
        return dataclasses.replace(
            self,
            skipped=("whatever the deadline left out, since no reply was kept that says so",),
            placed=self.decision.nearest is not None,
        )

    def explanations(self) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """Give the explanation of each side; None where there is none to be read."""
        found = None if self.stored is None else self.stored.get("explanation")
        return found if isinstance(found, dict) else None, self.again.get("explanation")


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _skipped(stored: dict[str, Any]) -> tuple[str, ...]:
    explanation = stored.get("explanation")
    steps = explanation.get("skipped") if isinstance(explanation, dict) else None
    if not isinstance(steps, list):
        return ()
    return tuple(str(step.get("step")) for step in steps if isinstance(step, dict))
