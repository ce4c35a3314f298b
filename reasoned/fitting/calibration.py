"""Fix the status rule on validation images, then count on calibration images."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray, DoubleArray
from explainers.bounds import clopper_pearson_lower
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.neighbours.served import Representatives
from explainers.reliability import Calibration, Counts, ReliabilityTable
from explainers.status import StatusRule
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


def choose_rule(judged: list[Judged], first: str | None) -> StatusRule:
    """Choose the least strength for ``supported`` on validation images.

    It is the smallest at which the one-sided 95 % Clopper-Pearson bound of the fidelity of
    all images inside support with that strength or more is at least 0.99. Where the split
    is too small to show that at half of its images, the strength with the best bound at
    half of the images or more is taken, and the bound is kept as the target.
    """
    inside = [j for j in judged if not j.outside and first is not None]
    pairs = [(j.evidence[first].strength, _agrees(j, first)) for j in inside if first is not None]
    known = [(strength, agrees) for strength, agrees in pairs if strength is not None]
    if not known:
        return StatusRule(least_strength=2.0, target=TARGET, reached=False)
    strengths = np.array([strength for strength, _ in known])
    agreed = np.array([agrees for _, agrees in known])
    cuts, bounds, shares = _curve(strengths, agreed, len(judged))
    good = np.flatnonzero(bounds >= TARGET)
    if len(good):
        best = good[shares[good].argmax()]
        return StatusRule(float(cuts[best]), TARGET, reached=True)
    wide = np.flatnonzero(shares >= min(LEAST_COVERAGE, float(shares.max())))
    best = wide[bounds[wide].argmax()]
    return StatusRule(float(cuts[best]), float(bounds[best]), reached=False)


def _curve(
    strengths: DoubleArray, agreed: BoolArray, images: int
) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Give each possible cut, the bound of the fidelity from it on, and its coverage."""
    order = np.argsort(-strengths, kind="stable")
    sorted_strengths = strengths[order]
    last_of_cut = np.flatnonzero(np.append(np.diff(sorted_strengths) < 0, True))
    counts = np.cumsum(agreed[order])
    bounds = [clopper_pearson_lower(int(counts[i]), int(i) + 1) for i in last_of_cut]
    return sorted_strengths[last_of_cut], np.array(bounds), (last_of_cut + 1) / images


def _agrees(judged: Judged, method: str) -> bool:
    return judged.evidence[method].names == judged.predicted


def count_reliability(
    judged: list[Judged], rule: StatusRule, first: str | None, calibration: Calibration
) -> ReliabilityTable:
    """Count agreement per method, region and status."""
    tally: dict[tuple[str, str, str], list[int]] = {}
    for one in judged:
        leading = None if first is None else one.evidence[first]
        status = rule.status(
            outside=one.outside,
            region=None if leading is None else leading.region,
            strength=None if leading is None else leading.strength,
        )
        for method, evidence in one.evidence.items():
            if evidence.region is None:
                continue
            counts = tally.setdefault((method, evidence.region, status), [0, 0, 0])
            counts[0] += evidence.names == one.predicted
            counts[1] += 1
            counts[2] += one.predicted == one.label
    found: dict[str, dict[str, dict[str, Counts]]] = {}
    methods = sorted({method for one in judged for method in one.evidence})
    for method in methods:
        found[method] = {}
    for (method, region, name), (agreed, of, right) in sorted(tally.items()):
        lower = clopper_pearson_lower(agreed, of)
        found[method].setdefault(region, {})[name] = (agreed, of, right, lower)
    return ReliabilityTable(counts=found, calibration=calibration)
