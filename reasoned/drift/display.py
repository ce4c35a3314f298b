"""Drift as people are used to look at it: PSI, JS, ratios with intervals; never a test."""

import dataclasses
import math
from typing import Final, final

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from reasoned.drift.live import Live, Share
from reasoned.drift.reference import Family, Reference
from reasoned.drift.signals import MEASURED

LEAST: Final = 1000
LEAST_PER_CELL: Final = 50
_NORMAL_95: Final = 1.959963984540054
_BINS: Final = 10


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Divergence:
    """How far the shares of a family are from the reference's.

    Attributes
    ----------
    name
        The family.
    psi
        The population stability index, in nats.
    js
        The Jensen-Shannon distance, in [0, 1]: the root of the divergence in bits.
    cells
        K, what the requests fall into.
    n
        Requests.
    grey
        Whether there are too few to read anything from it: with no change PSI is about
        (K - 1) (1/n + 1/reference) by chance.

    """

    name: str
    psi: float
    js: float
    cells: int
    n: int
    grey: bool


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Ratio:
    """A share of the last requests, with Wilson's 95 % interval.

    `bound` is what the detectors hold it against; `live` is None where nothing was seen.
    """

    name: str
    live: float | None
    low: float
    high: float
    reference: float
    bound: float
    n: int


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Histogram:
    """Counts in ten bins from 0 to 1, of the last requests and of the reference."""

    name: str
    live: tuple[int, ...]
    reference: tuple[int, ...]


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Display:
    """Everything that is shown of the last `n` requests.

    `confidence` is the network's mean confidence; None where there are none.
    """

    n: int
    confidence: float | None
    divergences: tuple[Divergence, ...]
    ratios: tuple[Ratio, ...]
    histograms: tuple[Histogram, ...]
    shares: tuple[Share, ...]


def display_of(live: Live, reference: Reference) -> Display:
    """Compare the last requests with the reference."""
    return Display(
        n=live.n,
        confidence=float(live.rows.requests.confidence.mean()) if live.n else None,
        divergences=_divergences(live, reference.record.images),
        ratios=_ratios(live),
        histograms=_histograms(live, reference),
        shares=live.shares(),
    )


def psi(counts: IntArray, reference: IntArray) -> float:
    """Give the population stability index of two counts, half a request added to each cell."""
    p, q = _smoothed(counts), _smoothed(reference)
    return float(((p - q) * np.log(p / q)).sum())


def js_distance(counts: IntArray, reference: IntArray) -> float:
    """Give the Jensen-Shannon distance of two counts: the root of the divergence in bits."""
    p, q = counts / counts.sum(), reference / reference.sum()
    middle = (p + q) / 2.0
    return math.sqrt(max((_entropy(p, middle) + _entropy(q, middle)) / 2.0, 0.0))


def wilson(count: float, of: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z2 = count / of, _NORMAL_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _NORMAL_95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _smoothed(counts: IntArray) -> DoubleArray:
    return np.asarray((counts + 0.5) / (counts.sum() + 0.5 * len(counts)), np.float64)


def _entropy(p: DoubleArray, q: DoubleArray) -> float:
    some = p > 0.0
    return float((p[some] * np.log2(p[some] / q[some])).sum())


def _divergences(live: Live, images: int) -> tuple[Divergence, ...]:
    if not live.n:
        return ()
    found = [_divergence(live, family, first, images) for family, first in live.one_hot()]
    return tuple(one for one in found if one is not None)


def _divergence(live: Live, family: Family, first: int, images: int) -> Divergence | None:
    """Compare a family of which a request has at most one; None where it may have more."""
    places = [p for p, member in enumerate(family.members) if member.side == "above"]
    counts = live.counts()[[first + place for place in places]]
    reference = np.array([round(family.members[p].share * images) for p in places])
    if len(places) < len(family.members) or counts.sum() > live.n or reference.sum() > images:
        return None
    if counts.sum() < live.n or reference.sum() < images:  # what cites none of them
        counts = np.append(counts, live.n - counts.sum())
        reference = np.append(reference, images - reference.sum())
    cells = len(counts)
    return Divergence(
        family.name,
        psi(counts, reference),
        js_distance(counts, reference),
        cells,
        live.n,
        grey=live.n < max(LEAST, LEAST_PER_CELL * cells),
    )


def _ratios(live: Live) -> tuple[Ratio, ...]:
    found, column = [], 0
    for family in live.signals.families:
        if family.kind is not None or family.name not in MEASURED:
            continue
        if len(family.members) == 1:
            values = live.batch.values[:, column]
            seen = values[~np.isnan(values)]
            member = family.members[0]
            low, high = wilson(float(seen.sum()), len(seen))
            mean = float(seen.mean()) if len(seen) else None
            found.append(Ratio(family.name, mean, low, high, member.share, member.bound, len(seen)))
        column += len(family.members)
    return tuple(found)


def _histograms(live: Live, reference: Reference) -> tuple[Histogram, ...]:
    requests, record = live.rows.requests, reference.record
    confidence = np.histogram(requests.confidence.clip(0.0, 1.0), _BINS, (0.0, 1.0))[0]
    known = ~np.isnan(requests.nearest)
    deciles = np.array(record.distance_deciles)[requests.predicted[known]]
    ranks = (requests.nearest[known, None] > deciles).sum(axis=1)
    far = np.bincount(ranks, minlength=_BINS)
    return (
        Histogram("confidence", tuple(confidence.tolist()), record.confidence_bins),
        Histogram("neighbour_distance_rank", tuple(far.tolist()), record.distance_ranks),
    )
