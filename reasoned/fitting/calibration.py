"""Fix the status rule on validation images, then count on calibration images."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray
from explainers.bounds import clopper_pearson_lower
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.neighbours.served import Representatives
from explainers.reliability import Calibration, Counts, ReliabilityTable
from explainers.status import Status, StatusRule
from explainers.support.served import Support

TARGET = 0.99
LEAST_COVERAGE = 0.5


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """One image of a split, as it would be answered."""

    evidence: dict[str, Evidence]
    outside: bool
    predicted: int
    label: int

    def first_choice(self, rule: StatusRule) -> Evidence | None:
        """Give the evidence of first choice, or None where no method has regions."""
        return self.evidence[rule.first_choice(self.evidence)] if self.evidence else None

    def status(self, rule: StatusRule) -> Status:
        """Give the status that the reply would have."""
        first = self.first_choice(rule)
        if first is None:
            return "out_of_support" if self.outside else "weak"
        return rule.status(first.method, first, outside=self.outside)


def judge_all(
    table: ActivationTable,
    explainers: dict[str, Explainer],
    representatives: Representatives,
    support: Support,
    progress: Callable[..., Iterable[int]],
) -> list[Judged]:
    """Explain every image of a split with every method that has regions."""
    regional = {name: method for name, method in explainers.items() if method.regions()}
    found = []
    for i in progress(range(len(table)), "explaining"):
        one = table.one(i)
        nearest = representatives.search(one.hidden, one.predicted, 1).distances[0]
        found.append(
            Judged(
                evidence={name: method.explain(one) for name, method in regional.items()},
                outside=support.judge(one, nearest).outside,
                predicted=one.predicted,
                label=int(table.labels[i]),
            )
        )
    return found


def choose_rule(judged: list[Judged], methods: Sequence[str]) -> StatusRule:
    """Choose the order and the least strengths on validation images, one method at a time.

    The methods are asked in the order of what each can show alone: those that reach the
    target first, then by the share of images where they are firm. Each later cut is chosen
    on those images alone where no earlier method is firm, as a decision list's must be.

    Parameters
    ----------
    judged
        The validation split.
    methods
        The methods with regions; ties keep their order.

    """
    alone = {name: _cut(judged, name, first=True) for name in methods}
    order = sorted(methods, key=lambda name: (alone[name].reached, alone[name].share), reverse=True)
    cuts: dict[str, _Cut] = {}
    left = judged
    for name in order:
        cut = cuts[name] = _cut(left, name, first=False) if cuts else alone[name]
        left = [one for one in left if not cut.firm(one, name)]
    return StatusRule(
        order=tuple(order),
        least_strength={name: cuts[name].least_strength for name in order},
        target={name: cuts[name].target for name in order},
        reached={name: cuts[name].reached for name in order},
    )


@final
@dataclasses.dataclass(frozen=True, slots=True)
class _Cut:
    """From which strength on a method is firm, and the share of images where it is."""

    least_strength: float
    target: float
    reached: bool
    share: float

    def firm(self, judged: Judged, method: str) -> bool:
        evidence = judged.evidence[method]
        if judged.outside or evidence.region is None or evidence.strength is None:
            return False
        return evidence.strength >= self.least_strength


_NEVER = _Cut(least_strength=2.0, target=TARGET, reached=False, share=0.0)


def _cut(judged: list[Judged], method: str, *, first: bool) -> _Cut:
    """Choose the least strength on the images that the methods before left.

    It is the smallest at which the one-sided 95 % Clopper-Pearson bound of the fidelity of
    all images inside support with that strength or more is at least 0.99. Where the split
    is too small to show that at half of its images, the first method takes the strength
    with the best bound at half of the images or more, and that bound as its target; a
    later one is never firm, since what is left is what the earlier ones found hard, and a
    lower bound would let in their failures.
    """
    cuts, bounds, shares = _curve(judged, method)
    good = np.flatnonzero(bounds >= TARGET)
    if len(good):
        best = good[shares[good].argmax()]
        return _Cut(float(cuts[best]), TARGET, reached=True, share=float(shares[best]))
    if not first or not len(cuts):
        return _NEVER
    wide = np.flatnonzero(shares >= min(LEAST_COVERAGE, float(shares.max())))
    best = wide[bounds[wide].argmax()]
    return _Cut(float(cuts[best]), float(bounds[best]), reached=False, share=float(shares[best]))


def _curve(judged: list[Judged], method: str) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Give each possible cut, the bound of the fidelity from it on, and its coverage."""
    inside = [(j.evidence[method], j.predicted) for j in judged if not j.outside]
    known = [
        (evidence.strength, evidence.names == predicted)
        for evidence, predicted in inside
        if evidence.strength is not None and evidence.region is not None
    ]
    if not known:
        return np.empty(0), np.empty(0), np.empty(0)
    strengths = np.array([strength for strength, _ in known])
    order = np.argsort(-strengths, kind="stable")
    sorted_strengths = strengths[order]
    last_of_cut = np.flatnonzero(np.append(np.diff(sorted_strengths) < 0, True))
    counts = np.cumsum(np.array([agrees for _, agrees in known])[order])
    bounds = [clopper_pearson_lower(int(counts[i]), int(i) + 1) for i in last_of_cut]
    return sorted_strengths[last_of_cut], np.array(bounds), (last_of_cut + 1) / len(judged)


def count_reliability(
    judged: list[Judged], rule: StatusRule, calibration: Calibration
) -> ReliabilityTable:
    """Count agreement per method, region and status; the status is that of the first choice."""
    tally: dict[tuple[str, str, str], list[int]] = {}
    for one in judged:
        status = one.status(rule)
        for method, evidence in one.evidence.items():
            if evidence.region is None:
                continue
            counts = tally.setdefault((method, evidence.region, status), [0, 0, 0])
            counts[0] += evidence.names == one.predicted
            counts[1] += 1
            counts[2] += one.predicted == one.label
    return ReliabilityTable(
        counts=_bounded(tally, sorted({method for one in judged for method in one.evidence})),
        calibration=calibration,
    )


def _bounded(
    tally: dict[tuple[str, str, str], list[int]], methods: list[str]
) -> dict[str, dict[str, dict[str, Counts]]]:
    found: dict[str, dict[str, dict[str, Counts]]] = {method: {} for method in methods}
    for (method, region, name), (agreed, of, right) in sorted(tally.items()):
        lower = clopper_pearson_lower(agreed, of)
        found[method].setdefault(region, {})[name] = (agreed, of, right, lower)
    return found
