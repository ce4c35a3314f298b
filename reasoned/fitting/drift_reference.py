"""Measure on held-out images what explanations look like, and bound it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Literal, final

import numpy as np

from explainers.arrays import DoubleArray
from explainers.bounds import chernoff_upper, clopper_pearson_upper
from explainers.evidence import EXAMPLE
from reasoned.drift.reference import DECILES, Family, Member, ReferenceRecord
from reasoned.drift.signals import CLASSES, FEEDBACK
from reasoned.errors import DataError
from reasoned.fitting.drift_images import Seen
from reasoned.reply.outcome import Outcome

ERROR: Final = 0.001
FAR: Final = 0.95
LEAST: Final = 20  # distances of a class, for a limit of its own
MOST_MEMBERS: Final = 256
TWO_SIDED: Final = frozenset({"attribute"})
_BINS: Final = 10
_ALL_KEYS: Final = None
# Name, kind, key, side, how often of how many, and the sum where it is no count.
_Side = Literal["above", "below"]


@final
@dataclasses.dataclass(frozen=True, slots=True)
class _Share:
    """A mean of n numbers in [0, 1], yet to be bounded; `counted` where all are 0 or 1."""

    family: str
    kind: str | None
    key: str | None
    side: _Side
    mean: float
    counted: bool = True


def measure(
    limits: Sequence[Outcome], seen: Seen, classes: tuple[str, ...], source: str
) -> ReferenceRecord:
    """Measure a reference.

    Every bound is a one-sided upper confidence bound at 1 - 0.001/J for J of them, so that all
    hold at once with 99.9 %: Clopper and Pearson's for shares, Chernoff and Hoeffding's for the
    mean confidence, which is no share. What is far, and what has a member of its own, is settled
    by other images than those that are counted: a bound speaks of a rule that its images did not
    choose.

    Every kind of citation but training images becomes a family, leaves and polytopes too: a new
    method is watched without a word here, and one more family costs but log(1 + 1/J) of
    evidence. Families keep the 256 members that the limits' images cite most; all else counts as
    one, whether it was met or not.

    Parameters
    ----------
    limits
        Images for the quantiles of distances, and for what has a member.
    seen
        Other images, for shares and bounds.
    classes
        The class names.
    source
        Where the images are from, in words.

    Raises
    ------
    DataError
        When either is empty.

    """
    if not len(limits) or not len(seen.outcomes):
        raise DataError("a reference needs images for limits, and others for bounds")
    far, deciles = _distances(limits, len(classes))
    shares = [*_numbers(seen.outcomes, far), *_classes(seen.outcomes, classes)]
    shares += _citations(limits, seen.outcomes)
    wrong = np.array([one.predicted for one in seen.outcomes]) != seen.labels
    feedback = _Share(FEEDBACK, None, None, "above", float(wrong.mean()))
    bounded = _bounded([*shares, feedback], len(seen.outcomes))
    confidence = np.array([one.confidence for one in seen.outcomes]).clip(0.0, 1.0)
    return ReferenceRecord(
        version=1,
        source=source,
        error=ERROR,
        images=len(seen.outcomes),
        limit_images=len(limits),
        classes=classes,
        distance_limits=tuple(far.tolist()),
        distance_deciles=tuple(map(tuple, deciles.tolist())),
        distance_ranks=_ranks(seen.outcomes, deciles),
        confidence_mean=float(confidence.mean()),
        confidence_bins=tuple(np.histogram(confidence, _BINS, (0.0, 1.0))[0].tolist()),
        feedback=bounded.pop(feedback),
        families=_families(bounded),
    )


def _distances(outcomes: Sequence[Outcome], classes: int) -> tuple[DoubleArray, DoubleArray]:
    """Give the 95 % quantile and the deciles of each predicted class; those of all where rare."""
    predicted = np.array([one.predicted for one in outcomes])
    nearest = np.array([one.nearest for one in outcomes], np.float64)
    levels = [FAR, *(np.arange(1, DECILES + 1) / (DECILES + 1)).tolist()]
    found = np.empty((classes, len(levels)))
    for place in range(classes):
        own = nearest[predicted == place]
        some = own if len(own) >= LEAST else nearest
        found[place] = np.quantile(some, levels, method="higher")
    return found[:, 0], found[:, 1:]


def _ranks(outcomes: Sequence[Outcome], deciles: DoubleArray) -> tuple[int, ...]:
    ranks = [int(np.searchsorted(deciles[o.predicted], o.nearest or 0.0)) for o in outcomes]
    return tuple(np.bincount(ranks, minlength=_BINS).tolist())


def _numbers(outcomes: Sequence[Outcome], far: DoubleArray) -> list[_Share]:
    flags: dict[str, list[bool]] = {
        "disagreement": [one.agrees is False for one in outcomes if one.agrees is not None],
        "out_of_support": [bool(one.outside) for one in outcomes if one.outside is not None],
        "neighbour_distance": [
            one.nearest > far[one.predicted] for one in outcomes if one.nearest is not None
        ],
    }
    found = [
        _Share(name, None, name, "above", float(np.mean(values)))
        for name, values in flags.items()
        if len(values) == len(outcomes)
    ]
    mean = float(np.mean([min(max(one.confidence, 0.0), 1.0) for one in outcomes]))
    return [
        *found,
        _Share("confidence", None, "confidence", "above", mean, counted=False),
        _Share("confidence", None, "confidence", "below", mean, counted=False),
    ]


def _classes(outcomes: Sequence[Outcome], classes: tuple[str, ...]) -> list[_Share]:
    counts = np.bincount([one.predicted for one in outcomes], minlength=len(classes))
    return [
        _Share(CLASSES, None, label, "above", count / len(outcomes))
        for label, count in zip(classes, counts.tolist(), strict=True)
    ]


def _citations(limits: Sequence[Outcome], outcomes: Sequence[Outcome]) -> list[_Share]:
    """Count what the limits' images cite; all else is one member.

    What has a name must not be chosen on the images that are counted: none of them could
    then cite anything new, and the bound of all that is new would not hold.
    """
    counts = _counted(outcomes)
    found: list[_Share] = []
    for kind, known in sorted(_counted(limits).items()):
        own = counts.get(kind, Counter())
        often = sorted(known, key=lambda key: (-known[key], key))[:MOST_MEMBERS]
        found += _kind(kind, {key: own[key] / len(outcomes) for key in sorted(often)})
        rare = {(kind, key) for key in own.keys() - set(often)}
        rest = sum(not rare.isdisjoint(one.cited) for one in outcomes)
        found.append(_Share(kind, kind, _ALL_KEYS, "above", rest / len(outcomes)))
    return found


def _counted(outcomes: Sequence[Outcome]) -> dict[str, Counter[str]]:
    """Count, by kinds, how many images cite what."""
    cited: dict[str, Counter[str]] = {}
    for one in outcomes:
        for kind, key in set(one.cited):
            if kind != EXAMPLE:
                cited.setdefault(kind, Counter())[key] += 1
    return cited


def _kind(kind: str, shares: dict[str, float]) -> Iterable[_Share]:
    sides: tuple[_Side, ...] = ("above", "below") if kind in TWO_SIDED else ("above",)
    for key, share in shares.items():
        for side in sides:
            yield _Share(kind, kind, key, side, share)


def _bounded(shares: Sequence[_Share], images: int) -> dict[_Share, Member]:
    """Bound all shares at once; those that no change could be seen in are left out."""
    level = ERROR / len(shares)
    found = {}
    for share in shares:
        mean = share.mean if share.side == "above" else 1.0 - share.mean
        bound = (
            clopper_pearson_upper(round(mean * images), images, level)
            if share.counted
            else chernoff_upper(mean, images, level)
        )
        if bound < 1.0:
            found[share] = Member(
                key=share.key, side=share.side, bound=bound, share=min(share.mean, 1.0)
            )
    return found


def _families(bounded: dict[_Share, Member]) -> tuple[Family, ...]:
    names = dict.fromkeys((share.family, share.kind) for share in bounded)
    return tuple(
        Family(
            name=name,
            kind=kind,
            members=tuple(m for s, m in bounded.items() if (s.family, s.kind) == (name, kind)),
        )
        for name, kind in names
    )
