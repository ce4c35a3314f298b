"""How one answer is counted; on the way of every request, hence with all series at hand."""

import time
from collections.abc import Callable
from typing import Final, final

from explainers.status import STATUSES
from service.metrics import families
from service.metrics.families import Family
from service.metrics.part import Part
from service.metrics.tally import Tally
from service.served_model import ServedModel

MOST_CLASSES: Final = 50
OUTCOMES: Final = (*STATUSES, "unexplained", "none")
_SECOND: Final = 1e-6


@final
class AnswerCounts:
    """Counts answers into a tally.

    Parameters
    ----------
    tally
        Where they are counted.
    model
        Whose answers.
    rank
        Gives the rank of a distance for a predicted class; None where the model has none.

    """

    def __init__(
        self, tally: Tally, model: ServedModel, rank: Callable[[int, float], float] | None
    ) -> None:
        own = (model.name,)
        self._tally = tally
        self._by_class = 0 < len(model.classes) <= MOST_CLASSES
        self._explanations = (
            families.EXPLANATIONS_BY_CLASS if self._by_class else families.EXPLANATIONS
        )
        self._own = own
        self._begin(model)
        self._disagreements = tally.values[families.DISAGREEMENTS]
        self._uncovered = tally.values[families.UNCOVERED]
        self._explained = tally.values[self._explanations]
        self._confidence = tally.distribution(families.CONFIDENCE, own)
        self._rank = rank
        self._ranks = None if rank is None else tally.distribution(families.RANK, own)
        stages = ("decode", "infer", "neighbours", "explain", "store")
        self._decode, self._infer, self._neighbours, self._explain, self._store = (
            tally.distribution(families.STAGE, (stage,)) for stage in stages
        )

    @property
    def families(self) -> dict[str, Family]:
        """Every family that a worker counts for this model, by its name."""
        return {**families.ALL, self._explanations.name: self._explanations}

    def count(self, part: Part) -> None:
        """Count one answer."""
        outcome, own = part.outcome, self._own
        status = outcome.status or "none"
        key = (*own, outcome.label, status) if self._by_class else (*own, status)
        self._explained[key] = self._explained.get(key, 0.0) + 1.0
        if outcome.agrees is False:
            self._disagreements[own] += 1.0
        if outcome.outside:
            self._uncovered[own] += 1.0
        self._confidence.add(outcome.confidence)
        self._decode.add(part.decode_us * _SECOND)
        self._infer.add(outcome.infer_us * _SECOND)
        if outcome.nearest is not None:
            self._neighbours.add(outcome.neighbours_us * _SECOND)
            self._explain.add(outcome.explain_us * _SECOND)
            if self._rank is not None and self._ranks is not None:
                self._ranks.add(self._rank(outcome.predicted, outcome.nearest))
        if part.store_us is not None:
            self._store.add(part.store_us * _SECOND)
        self._tally.note(families.LAST, time.time())

    def _begin(self, model: ServedModel) -> None:
        """Show every series from the start: a rate misses what a series begins with."""
        own = self._own
        self._tally.count(families.DISAGREEMENTS, own, 0.0)
        self._tally.count(families.UNCOVERED, own, 0.0)
        for outcome in OUTCOMES:
            for label in model.classes if self._by_class else ("",):
                key = (*own, label, outcome) if self._by_class else (*own, outcome)
                self._tally.count(self._explanations, key, 0.0)
