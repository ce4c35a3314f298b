r"""Shiryaev-Roberts e-detectors: alarms whose run length is promised, not tuned."""

import dataclasses
from typing import Final, final

import numpy as np

from explainers.arrays import DoubleArray, IntArray, make_read_only

BETS: Final = 10
_SMALLEST: Final = 0.25  # pays where a share has grown by a quarter of itself
_SPREAD: Final = 20.0  # a bet is never so large that all are nearly alike


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Bank:
    """Members and their bounds, and the families whose averages are watched.

    Member i sees a number in [0, 1] per request, whose mean is at most its bound m while
    nothing has changed. The first `measured` members are told their numbers; of the others only
    the hits are told, and all that is not hit rests.

    Attributes
    ----------
    bounds
        Shape (members). Above 0 and below 1.
    rests
        Shape (members). What a member sees that is not hit: 0, or 1; a hit is the other.
    starts
        Shape (families). The first member of each family; the families follow each other.
    measured
        How many members, from the first, are told a number each time.
    threshold
        An alarm is due where a family's average comes to it.

    """

    bounds: DoubleArray
    rests: DoubleArray
    starts: IntArray
    measured: int
    threshold: float
    bets: DoubleArray = dataclasses.field(init=False, repr=False)
    resting: DoubleArray = dataclasses.field(init=False, repr=False)
    hit: DoubleArray = dataclasses.field(init=False, repr=False)
    limits: DoubleArray = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        bounds = self.bounds[:, None]  # (members, 1)
        rests = self.rests[:, None]
        bets = bets_for(self.bounds)  # (members, bets)
        resting = 1.0 + bets * (rests - bounds)
        resting[: self.measured] = 1.0
        hit = (1.0 + bets * ((1.0 - rests) - bounds)) / resting
        sizes = np.diff(self.starts, append=len(self.bounds))
        object.__setattr__(self, "bets", bets)
        object.__setattr__(self, "resting", resting)
        object.__setattr__(self, "hit", hit)
        object.__setattr__(self, "limits", self.threshold * sizes * BETS)
        make_read_only(self)

    def __len__(self) -> int:
        return len(self.bounds)

    def members(self, family: int) -> slice:
        """Give the places of a family's members."""
        ends = [*self.starts[1:].tolist(), len(self)]
        return slice(int(self.starts[family]), ends[family])


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Batch:
    """What the members see of some requests, in order.

    Attributes
    ----------
    values
        Shape (requests, measured). Numbers in [0, 1]; NaN where nothing was seen.
    hits
        Shape (hits). Members that are hit, request by request, each once per request.
    ends
        Shape (requests). Where each request's hits end.

    """

    values: DoubleArray
    hits: IntArray
    ends: IntArray

    def __len__(self) -> int:
        return len(self.values)

    def series(self, bank: Bank, member: int) -> DoubleArray:
        """Give what one member saw; shape (requests)."""
        if member < bank.measured:
            return self.values[:, member]
        seen = np.full(len(self), bank.rests[member])
        found = np.searchsorted(self.ends, np.flatnonzero(self.hits == member), side="right")
        seen[found] = 1.0 - bank.rests[member]
        return seen


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Crossing:
    """A family that came to its threshold.

    Attributes
    ----------
    request
        Which of the batch's requests did it.
    family
        Its place.
    evidence
        The average that it reached.
    wealth
        Shape (members of the family, bets). What the average is of.
    counted
        Requests since the family began, this one included.

    """

    request: int
    family: int
    evidence: float
    wealth: DoubleArray
    counted: int


@final
class Detectors:
    r"""All families of a bank, over one ordered stream of requests.

    Each member holds one number per bet b,

    .. math:: R \leftarrow (R + 1) (1 + b (x - m)), \qquad R_0 = 0.

    While the mean of x, given all that came before, is at most m, each factor is at least 1/2
    (as b <= 1/(2m)) and has a mean of at most 1, so that E R at any stopping time is at most
    the mean of that time: R is an e-detector. So is an average of e-detectors, whatever their
    dependence; and since it stands at c or above when an alarm at c is raised, the mean time
    until that alarm is at least c (Theorem 2.3 of the reference; nothing need be independent
    or alike). With J families at J times the run length each, the average of all families is an
    e-detector too, and has come to the run length wherever one family has come to J times it:
    the first alarm of any family comes no sooner than the run length, in the mean.

    A family that raised an alarm begins anew at 0, the others go on. What a family stands at,
    plus its threshold for each alarm that it has raised, minus the requests, goes up on average
    at no request, an alarm's own included. So in n requests a family raises at most n/(J c)
    alarms in the mean, and all J together at most n/c, for any n, however often they began anew.

    Assumed: the bounds hold for what is counted, and what is counted is one stream. A number
    that was not seen (NaN) counts as the factor 1, which keeps all of the above.

    No number can overflow: below its threshold a family's R are below c times its size, and one
    factor is at most 1 + 1/(2m). None comes to 0: (R + 1)/2 >= 1/2.

    Departures from the reference: the bets are a fixed grid with even weights, not its mixture
    over baseline increments; the bound comes from a confidence bound on held-out data, so
    that the promise holds where all of these do (99.9 %); alarms restart one family.

    Attributes
    ----------
    bank
        Members and bounds.
    wealth
        Shape (members, bets).
    started
        Shape (families). How many requests had been counted when the family began.
    counted
        Requests so far.

    References
    ----------
    Shin, Ramdas and Rinaldo, E-detectors: a nonparametric framework for sequential change
    detection, New England Journal of Statistics in Data Science, 2023, arXiv:2203.03532.

    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.wealth: DoubleArray = np.zeros((len(bank), BETS))
        self.started: IntArray = np.zeros(len(bank.starts), np.int64)
        self.counted = 0

    def count(self, batch: Batch) -> list[Crossing]:
        """Count requests, in order; the same however the stream is cut into batches."""
        bank, wealth, measured = self.bank, self.wealth, self.bank.measured
        factors = self._factors(batch)
        ratios = bank.hit[batch.hits]
        flat, firsts, told = wealth.reshape(-1), bank.starts * BETS, wealth[:measured]
        crossings: list[Crossing] = []
        begin = 0
        for place, end in enumerate(batch.ends.tolist()):
            wealth += 1.0
            wealth *= bank.resting
            told *= factors[place]
            hits = batch.hits[begin:end]
            wealth[hits] *= ratios[begin:end]
            begin = end
            self.counted += 1
            sums = np.add.reduceat(flat, firsts)
            if np.count_nonzero(sums >= bank.limits):
                crossings += self._restart(place, sums)
        return crossings

    def evidence(self) -> DoubleArray:
        """Give each family's average; shape (families)."""
        sizes = np.diff(self.bank.starts, append=len(self.bank)) * BETS
        sums = np.add.reduceat(self.wealth.reshape(-1), self.bank.starts * BETS)
        return np.asarray(sums / sizes, np.float64)

    def _factors(self, batch: Batch) -> DoubleArray:
        """Give what the measured members' numbers pay; shape (requests, measured, bets)."""
        bank, measured = self.bank, self.bank.measured
        gains = batch.values - bank.bounds[:measured]
        gains[np.isnan(gains)] = 0.0
        return np.asarray(1.0 + bank.bets[:measured] * gains[:, :, None], np.float64)

    def _restart(self, place: int, sums: DoubleArray) -> list[Crossing]:
        found = []
        for family in np.flatnonzero(sums >= self.bank.limits).tolist():
            own = self.bank.members(family)
            wealth = self.wealth[own].copy()
            counted = self.counted - int(self.started[family])
            found.append(Crossing(place, family, float(wealth.mean()), wealth, counted))
            self.wealth[own] = 0.0
            self.started[family] = self.counted
        return found


def bets_for(bounds: DoubleArray) -> DoubleArray:
    """Spread the bets between what pays for a small change and the largest safe one.

    Parameters
    ----------
    bounds
        Shape (members).

    Returns
    -------
    array
        Shape (members, bets), rising evenly in logarithm to 1/(2m).

    """
    largest = 0.5 / bounds
    smallest = np.minimum(_SMALLEST, largest / _SPREAD)
    steps = np.linspace(0.0, 1.0, BETS)
    return np.asarray(smallest[:, None] * (largest / smallest)[:, None] ** steps, np.float64)
