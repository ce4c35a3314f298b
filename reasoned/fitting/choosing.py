"""Fix the status rule on validation images."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final, final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.bounds import clopper_pearson_lowers
from explainers.decision_list import DecisionList, Entry
from explainers.evidence import Evidence
from explainers.status import StatusRule, subsets
from reasoned.fitting.calibration import Judged

# Of the lower bound of fidelity, the strictest first; one above the last is taken only where
# it leaves LEAST_SHARE of the images supported.
TARGETS: Final = (0.999, 0.998, 0.995, 0.99)
LEAST_SHARE: Final = 0.93
LEAST_COVERAGE: Final = 0.5
LEVEL: Final = 0.95
# The shares of a method's images that a cut of its strength may leave out.
LEFT_OUT: Final = (*(percent / 100 for percent in range(20)), 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


def choose_rule(judged: Sequence[Judged], methods: Sequence[str]) -> StatusRule:
    """Choose a decision list for every set of methods that may be asked.

    A list is made line by line: of all methods, companies and cuts of strength the one that
    makes most of the images left *firm*, among those whose one-sided lower bound of fidelity
    reaches the target. As many candidates as a list could have share the error of 5 %
    (Bonferroni), so that the best of many does not pass by luck. That later lines are tried on
    what the first has left is not counted; what a list is worth calibration images show.
    The target is the strictest of `TARGETS` that leaves 93 % of the images supported, else
    the last. Where no line reaches that, the one of the best bound at half of the images or
    more is taken, and its bound is the target.

    Parameters
    ----------
    judged
        The validation split.
    methods
        The methods with regions; ties keep their order.

    """
    names = tuple(methods)
    chosen = {"+".join(asked): _list(_Seen.of(judged, asked)) for asked in subsets(names)}
    return StatusRule(names, chosen)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Seen:
    """The validation split, as a set of methods sees it; arrays are (methods, images)."""

    methods: tuple[str, ...]
    inside: BoolArray
    placed: BoolArray
    strength: DoubleArray
    names: IntArray
    agrees: BoolArray
    company: IntArray

    @classmethod
    def of(cls, judged: Sequence[Judged], methods: tuple[str, ...]) -> "_Seen":
        found = [[one.evidence[name] for one in judged] for name in methods]
        names = np.array([[_class(each) for each in row] for row in found], np.int64)
        strength = [[_known(each.strength) for each in row] for row in found]
        placed = [[each.region is not None for each in row] for row in found]
        same = (names[:, None] == names[None]) & (names >= 0)[None]
        return cls(
            methods=methods,
            inside=np.array([not one.outside for one in judged], np.bool_),
            placed=np.array(placed, np.bool_),
            strength=np.array(strength),
            names=names,
            agrees=names == np.array([one.predicted for one in judged], np.int64),
            company=np.maximum(same.sum(axis=1) - 1, 0),
        )

    def __len__(self) -> int:
        return len(self.inside)

    @property
    def error(self) -> float:
        """Give the error that every candidate of a list may have."""
        count = len(self.methods)
        return (1.0 - LEVEL) / (count * count * len(LEFT_OUT) * count)

    def firm(self, entry: Entry) -> BoolArray:
        """Tell which images an entry holds for; shape (images)."""
        place = self.methods.index(entry.method)
        found: BoolArray = (
            self.inside
            & self.placed[place]
            & (self.strength[place] >= entry.least_strength)
            & (self.company[place] >= entry.company)
        )
        return found


def _list(seen: _Seen) -> DecisionList:
    for target in TARGETS:
        entries, supported = _entries(seen, target)
        if supported.mean() >= LEAST_SHARE or (target == TARGETS[-1] and entries):
            return DecisionList(tuple(entries), _otherwise(seen, supported), target, reached=True)
    best = _best_at_half(seen)
    if best is None:
        nothing = np.zeros(len(seen), np.bool_)
        return DecisionList((), _otherwise(seen, nothing), TARGETS[-1], reached=False)
    entry, bound = best
    return DecisionList((entry,), _otherwise(seen, seen.firm(entry)), bound, reached=False)


def _entries(seen: _Seen, target: float) -> tuple[list[Entry], BoolArray]:
    entries: list[Entry] = []
    supported = np.zeros(len(seen), np.bool_)
    while (following := _next(seen, target, entries, ~supported)) is not None:
        entries.append(following)
        supported |= seen.firm(following)
    return entries, supported


def _next(seen: _Seen, target: float, entries: list[Entry], left: BoolArray) -> Entry | None:
    """Give the line that makes most of the images left firm; of equal ones the best bound."""
    used = {entry.method for entry in entries}
    tried = [entry for entry in _candidates(seen, left) if entry.method not in used]
    sizes, bounds = _bounds(seen, tried, left)
    good = np.flatnonzero(bounds >= target)
    if not len(good):
        return None
    return tried[int(max(good, key=lambda i: (sizes[i], bounds[i], -i)))]


def _best_at_half(seen: _Seen) -> tuple[Entry, float] | None:
    everything = np.ones(len(seen), np.bool_)
    tried = list(_candidates(seen, everything))
    sizes, bounds = _bounds(seen, tried, everything)
    large = np.flatnonzero((sizes >= LEAST_COVERAGE * len(seen)) & (bounds > 0))
    if not len(large):
        return None
    best = int(max(large, key=lambda i: (bounds[i], sizes[i], -i)))
    return tried[best], float(bounds[best])


def _candidates(seen: _Seen, left: BoolArray) -> Iterator[Entry]:
    for place, method in enumerate(seen.methods):
        known = seen.strength[place][left & seen.inside & seen.placed[place]]
        known = known[known >= 0]
        if not len(known):
            continue
        # A cut is a strength that was seen, so that it means the same when it is read again.
        cuts = np.unique(np.quantile(known, LEFT_OUT, method="lower"))
        for company in range(len(seen.methods)):
            for cut in cuts.tolist():
                yield Entry(method, company, float(cut))


def _bounds(seen: _Seen, entries: Sequence[Entry], left: BoolArray) -> tuple[IntArray, DoubleArray]:
    """Give how many of the images left each makes firm, and its bound; shape (entries)."""
    sizes = np.zeros(len(entries), np.int64)
    agreed = np.zeros(len(entries), np.int64)
    for i, entry in enumerate(entries):
        firm = seen.firm(entry) & left
        sizes[i] = firm.sum()
        agreed[i] = (firm & seen.agrees[seen.methods.index(entry.method)]).sum()
    return sizes, clopper_pearson_lowers(agreed, sizes, 1.0 - seen.error)


def _otherwise(seen: _Seen, supported: BoolArray) -> tuple[str, ...]:
    """Order the methods by how often they name the network's class where none is firm."""
    hard = seen.inside & ~supported
    hard = hard if hard.any() else np.ones(len(seen), np.bool_)
    shares = (seen.agrees & seen.placed)[:, hard].mean(axis=1)
    order = np.argsort(-shares, kind="stable")
    return tuple(seen.methods[place] for place in order.tolist())


def _class(one: Evidence) -> int:
    return -1 if one.region is None or one.names is None else one.names


def _known(strength: float | None) -> float:
    return -1.0 if strength is None else strength
