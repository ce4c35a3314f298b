"""When a change began, what it shows in, and which decisions show it."""

import dataclasses
import math
from typing import Annotated, Final, Literal, final

import numpy as np
from pydantic import Field

from explainers.arrays import DoubleArray
from reasoned.drift.e_detector import Bank, Batch, Crossing
from reasoned.drift.reference import OTHER, Family
from reasoned.drift.rows import Rows
from reasoned.folder.manifest import Frozen

LOOKED_BACK: Final = 10_000  # requests; a change that is older is dated to the oldest of them
NAMED: Final = 5
LEAST_PART: Final = 0.01  # of the strongest member's evidence, to be named
SHOWN: Final = 5  # decisions for each tenant
_MOST_TENANTS: Final = 50


@final
class Contributor(Frozen):
    """A share that made an alarm.

    `evidence` is a decimal logarithm. `reference` is the share in the reference and `live` that
    of the alarm's requests, of which there are `n`; `bound` is what `live` had to stay under, or,
    on the side below, what 1 - `live` had to.
    """

    member: str
    side: Literal["above", "below"]
    evidence: float
    bound: float
    reference: float
    live: float | None
    n: Annotated[int, Field(ge=0)]


@final
class Contributors(Frozen):
    """What an alarm is due to: the strongest first, and by tenant the decisions that show it."""

    members: tuple[Contributor, ...]
    examples: dict[str, tuple[int, ...]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Change:
    """What an alarm says beside its evidence: the first request of the change, and its marks."""

    first_seq: int
    contributors: Contributors


def describe(
    crossing: Crossing, family: Family, bank: Bank, rows: Rows, batch: Batch
) -> Change | None:
    """Say when the change began and what it shows in.

    An e-detector is the sum, over all requests s, of the evidence that the change began with
    s. The alarm's range begins with the s of the most evidence, for the strongest bet of the
    strongest member: its change point of maximum likelihood, the last request before which
    Page's CUSUM of that bet stood at its start.

    Parameters
    ----------
    crossing
        The family that came to its threshold.
    family, bank
        The same, as a record, and what its members are in.
    rows, batch
        The requests up to the alarm, the last one the alarm's; those before the family began
        are left out here.

    Returns
    -------
    Change or None
        None where no request is left.

    """
    own = min(crossing.counted, len(rows))
    if own == 0:
        return None
    first = len(rows) - own
    members = bank.members(crossing.family).start
    powers = crossing.wealth.mean(axis=1)
    strongest = [
        place
        for place in np.argsort(-powers, kind="stable")[:NAMED].tolist()
        if powers[place] >= LEAST_PART * powers.max()
    ]
    top = members + strongest[0]
    bet = float(bank.bets[top, int(crossing.wealth[strongest[0]].argmax())])
    series = batch.series(bank, top)
    start = first + _began(series[first:], float(bank.bounds[top]), bet)
    named = tuple(
        _contributor(family, place, powers, batch.series(bank, members + place)[start:])
        for place in strongest
    )
    return Change(
        int(rows.seqs[start]),
        Contributors(members=named, examples=_examples(rows, series, start, bank.bounds[top])),
    )


def _began(series: DoubleArray, bound: float, bet: float) -> int:
    """Give the place from which on the evidence is largest."""
    gains = np.log1p(bet * (np.where(np.isnan(series), bound, series) - bound))
    since = np.cumsum(gains[::-1])[::-1]
    return int(since.argmax())


def _contributor(
    family: Family, place: int, powers: DoubleArray, series: DoubleArray
) -> Contributor:
    member = family.members[place]
    seen = series[~np.isnan(series)]
    mean = float(seen.mean()) if len(seen) else None
    above = member.side == "above"
    return Contributor(
        member=OTHER if member.key is None else member.key,
        side=member.side,
        evidence=math.log10(float(powers[place])),
        bound=member.bound,
        reference=member.share,
        live=mean if above or mean is None else 1.0 - mean,
        n=len(seen),
    )


def _examples(
    rows: Rows, series: DoubleArray, start: int, bound: float
) -> dict[str, tuple[int, ...]]:
    """Choose for each tenant the decisions that show most, the newest of them first."""
    places = np.arange(start, len(series))
    order = places[np.lexsort((-places, -series[start:]))].tolist()
    found: dict[str, list[int]] = {}
    for place in order:
        if not series[place] > bound:
            continue
        own = found.setdefault(rows.tenants[place], [])
        if len(own) < SHOWN:
            own.append(int(rows.seqs[place]))
    return {tenant: tuple(own) for tenant, own in sorted(found.items())[:_MOST_TENANTS]}
