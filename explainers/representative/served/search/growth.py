"""Gather boundaries around a seed until nothing of another class is inside all of them."""

import dataclasses
from collections.abc import Callable
from typing import Self, final

import numpy as np

from explainers.arrays import IntArray
from explainers.representative.served.search.bitsets import Bits, count, pack, unpack
from explainers.representative.served.search.boundaries import (
    Boundaries,
    Seed,
    sample_boundaries,
)
from explainers.representative.served.search.references import References
from explainers.representative.served.search.settings import SearchSettings
from explainers.representative.served.search.sides import cut_sets
from explainers.representative.served.search.tail import Tail

_PER_ROUND, _AT_RANDOM, _PATIENCE = 100, 50, 6


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Gathered:
    """The boundaries that were found so far, all different: Q of the paper.

    Attributes
    ----------
    boundaries
        The boundaries.
    cuts
        Shape (boundaries, words). The references that each cuts off.
    wrong
        Shape (words). The references predicted as another class than the seed that are
        inside all of them; tau(x) is their number.
    keys
        The boundaries' names.
    drawn, failed, steps
        How many searches there were, how many failed, how many points they tried.
    last_failed
        How many failed in the last round.

    """

    boundaries: Boundaries
    cuts: Bits
    wrong: Bits
    keys: frozenset[bytes] = frozenset()
    drawn: int = 0
    failed: int = 0
    steps: int = 0
    last_failed: int = 0

    @property
    def tau(self) -> int:
        """How many references predicted as another class are inside all boundaries."""
        return int(count(self.wrong))

    def searched(
        self, tail: Tail, references: References, seed: Seed, targets: IntArray, weight: float
    ) -> Self:
        """Search towards some references and give these boundaries with what is new."""
        sampled = sample_boundaries(tail, seed, references.points[targets], weight)
        fresh = dict[bytes, int]()
        for position, key in enumerate(sampled.boundaries.keys()):
            if key not in self.keys:
                fresh.setdefault(key, position)
        new = sampled.boundaries.take(np.array(list(fresh.values()), dtype=np.int64))
        cuts = cut_sets(new, references)
        return dataclasses.replace(
            self,
            boundaries=self.boundaries.joined(new),
            cuts=np.concatenate([self.cuts, cuts]),
            wrong=self.wrong & ~np.bitwise_or.reduce(cuts, axis=0),
            keys=self.keys | fresh.keys(),
            drawn=self.drawn + len(targets),
            failed=self.failed + sampled.failed,
            steps=self.steps + sampled.steps,
            last_failed=sampled.failed,
        )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Growth:
    """One seed's search for boundaries.

    Attributes
    ----------
    tail, references, seed, settings
        What is searched, and how.

    """

    tail: Tail
    references: References
    seed: Seed
    settings: SearchSettings

    def run(
        self, rng: np.random.Generator, late: Callable[[], bool] | None
    ) -> tuple[Gathered, int] | None:
        """Give the boundaries and the number of rounds, or None where it gets late."""
        other = np.flatnonzero(self.references.predicted != self.seed.predicted)
        order = rng.permutation(other)
        gathered, rounds, idle = self._start(order), 1, 0
        while self._goes_on(gathered, idle):
            if late is not None and late():
                return None
            targets = self._still_inside(gathered, order, idle, rng)
            before = gathered.tau
            gathered = self._towards(gathered, targets)
            idle = idle + 1 if gathered.tau == before else 0
            rounds += 1
        return gathered, rounds

    def _goes_on(self, gathered: Gathered, idle: int) -> bool:
        wanted = self.settings.enlarge and gathered.tau > 0 and idle < _PATIENCE
        return wanted and gathered.drawn < self.settings.most_boundaries

    def _start(self, order: IntArray) -> Gathered:
        """Search towards |Q| references, and towards others for those that failed."""
        empty = Boundaries.none(self.references.points.shape[1])
        wrong = pack(self.references.predicted != self.seed.predicted)
        gathered = Gathered(empty, np.zeros((0, len(wrong)), dtype=np.uint64), wrong)
        wanted = self.settings.boundaries
        for _ in range(1 + self.settings.redraws):
            targets = order[gathered.drawn : gathered.drawn + wanted]
            if not len(targets):
                break
            gathered = self._towards(gathered, targets)
            wanted = gathered.last_failed
        return gathered

    def _still_inside(
        self, gathered: Gathered, other: IntArray, idle: int, rng: np.random.Generator
    ) -> IntArray:
        """Draw references that are wrongly inside, and any others where that led nowhere."""
        inside = np.flatnonzero(unpack(gathered.wrong, len(self.references)))
        targets = rng.permutation(inside)[:_PER_ROUND]
        if idle:
            more = rng.choice(other, min(_AT_RANDOM, len(other)), replace=False)
            targets = np.unique(np.concatenate([targets, more]))
        return targets[: self.settings.most_boundaries - gathered.drawn]

    def _towards(self, gathered: Gathered, targets: IntArray) -> Gathered:
        return gathered.searched(
            self.tail, self.references, self.seed, targets, self.settings.weight
        )
