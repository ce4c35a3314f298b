"""One process's counts: cheap to add to, and added up with those of other processes."""

import bisect
import dataclasses
from collections.abc import Iterable
from typing import Any, Final, final

from service.metrics.families import Family

Labels = tuple[str, ...]
_CHOICE: Final = {"most": max, "least": min}


@final
@dataclasses.dataclass(slots=True)
class Distribution:
    """How many values fell into each bucket, and their sum.

    Attributes
    ----------
    bounds
        The upper ends of all buckets but the last.
    counts
        One more than `bounds`.
    total
        The sum of the values.

    """

    bounds: tuple[float, ...]
    counts: list[int]
    total: float = 0.0

    @classmethod
    def empty(cls, bounds: tuple[float, ...]) -> "Distribution":
        """Begin with nothing."""
        return cls(bounds, [0] * (len(bounds) + 1))

    def add(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect.bisect_left(self.bounds, value)] += 1
        self.total += value

    def include(self, counts: Iterable[int], total: float) -> None:
        """Add the counts of another process."""
        self.counts = [one + other for one, other in zip(self.counts, counts, strict=True)]
        self.total += total


@final
class Tally:
    """Counters, gauges and histograms by family and labels; not safe between threads."""

    def __init__(self) -> None:
        self.values: dict[Family, dict[Labels, float]] = {}
        self.distributions: dict[Family, dict[Labels, Distribution]] = {}

    def count(self, family: Family, labels: Labels = (), amount: float = 1.0) -> None:
        """Add to a counter or a gauge."""
        found = self.values.setdefault(family, {})
        found[labels] = found.get(labels, 0.0) + amount

    def note(self, family: Family, value: float, labels: Labels = ()) -> None:
        """Set a gauge, or a counter that is kept elsewhere."""
        self.values.setdefault(family, {})[labels] = value

    def distribution(self, family: Family, labels: Labels = ()) -> Distribution:
        """Find or begin a histogram's series."""
        found = self.distributions.setdefault(family, {})
        series = found.get(labels)
        if series is None:
            series = found[labels] = Distribution.empty(family.bounds)
        return series

    def dump(self) -> dict[str, Any]:
        """Give everything as JSON."""
        return {
            "values": [(family.name, [*series.items()]) for family, series in self.values.items()],
            "distributions": [
                (family.name, [(key, one.counts, one.total) for key, one in series.items()])
                for family, series in self.distributions.items()
            ],
        }

    def include(self, dumped: dict[str, Any], known: dict[str, Family], *, alive: bool) -> None:
        """Add what another process dumped; of a dead one the gauges are gone.

        Parameters
        ----------
        dumped
            What `dump` gave.
        known
            The families by their name.
        alive
            Whether that process still runs.

        """
        for name, series in dumped["values"]:
            family = known[name]
            if family.kind == "counter" or alive or family.lasting:
                for labels, value in series:
                    self._merge(family, tuple(labels), value)
        for name, series in dumped["distributions"]:
            for labels, counts, total in series:
                self.distribution(known[name], tuple(labels)).include(counts, total)

    def _merge(self, family: Family, labels: Labels, value: float) -> None:
        found = self.values.setdefault(family, {})
        if labels not in found:
            found[labels] = value
        elif family.merge == "sum":
            found[labels] += value
        else:
            found[labels] = _CHOICE[family.merge](found[labels], value)
