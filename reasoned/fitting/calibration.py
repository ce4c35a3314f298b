"""Explain whole splits, and count on calibration images how often that named the class."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import final

from explainers.activations import ActivationTable
from explainers.bounds import clopper_pearson_lower
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.neighbours.served import Representatives
from explainers.reliability import Calibration, Counts, ReliabilityTable, Statement
from explainers.status import STATUSES, Status, StatusRule, Verdict
from explainers.support.served import Support

LEVEL = 0.95


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """One image of a split, as it would be answered."""

    evidence: dict[str, Evidence]
    outside: bool
    predicted: int
    label: int

    def verdict(self, rule: StatusRule, asked: str | None = None) -> Verdict | None:
        """Give what the reply would say of it, or None where no method has regions.

        Parameters
        ----------
        rule
            The status rule.
        asked
            The `StatusRule.key` of the methods asked; all of them where None.

        """
        if not self.evidence:
            return None
        key = rule.key(self.evidence) if asked is None else asked
        found = {name: self.evidence[name] for name in key.split("+")}
        return rule.decide(key, found, outside=self.outside)

    def first_choice(self, rule: StatusRule) -> Evidence | None:
        """Give the evidence of first choice, or None where no method has regions."""
        verdict = self.verdict(rule)
        return None if verdict is None else self.evidence[verdict.first]

    def status(self, rule: StatusRule) -> Status:
        """Give the status that the reply would have."""
        verdict = self.verdict(rule)
        if verdict is None:
            return "out_of_support" if self.outside else "weak"
        return verdict.status


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


def count_reliability(
    judged: Sequence[Judged], rule: StatusRule, calibration: Calibration
) -> ReliabilityTable:
    """Count agreement per method, region and status, and per group of the status rule.

    The status is that of the first choice of all methods. The estimate of a group is the
    posterior mean of its share under Jeffreys' prior. The lower bounds of the groups of one
    set of methods are Clopper-Pearson's at 1 - 5 % / groups, so that they hold all at once
    with 95 % confidence.
    """
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
    stated = {key: _stated(judged, rule, key) for key in rule.lists}
    return ReliabilityTable(
        counts=_bounded(tally, sorted({method for one in judged for method in one.evidence})),
        statements={key: groups for key, (groups, _) in stated.items()},
        overall={key: dict(overall) for key, (_, overall) in stated.items()},
        calibration=calibration,
    )


def _stated(
    judged: Sequence[Judged], rule: StatusRule, asked: str
) -> tuple[dict[str, Statement], dict[Status, float]]:
    groups: dict[tuple[Status, str], list[int]] = {}
    for one in judged:
        verdict = one.verdict(rule, asked)
        if verdict is None or not verdict.asked:
            continue
        counts = groups.setdefault((verdict.status, verdict.group), [0, 0, 0])
        counts[0] += one.evidence[verdict.first].names == one.predicted
        counts[1] += 1
        counts[2] += one.predicted == one.label
    overall = {status: _share(groups, status) for status in STATUSES}
    level = 1.0 - (1.0 - LEVEL) / max(len(groups), 1)
    found: dict[str, Statement] = {}
    for (_, group), (agreed, of, right) in sorted(groups.items()):
        lower = clopper_pearson_lower(agreed, of, level)
        found[group] = (agreed, of, right, _posterior_mean(agreed, of), lower)
    return found, overall


def _share(groups: Mapping[tuple[Status, str], Sequence[int]], status: Status) -> float:
    """Give the posterior mean of the share of all images of a status."""
    own = [counts for (name, _), counts in groups.items() if name == status]
    agreed, of = (sum(counts[place] for counts in own) for place in (0, 1))
    return _posterior_mean(agreed, of)


def _posterior_mean(agreed: int, of: int) -> float:
    """Give the posterior mean of a share under Jeffreys' prior."""
    return (agreed + 0.5) / (of + 1.0)


def _bounded(
    tally: dict[tuple[str, str, str], list[int]], methods: list[str]
) -> dict[str, dict[str, dict[str, Counts]]]:
    found: dict[str, dict[str, dict[str, Counts]]] = {method: {} for method in methods}
    for (method, region, name), (agreed, of, right) in sorted(tally.items()):
        lower = clopper_pearson_lower(agreed, of)
        found[method].setdefault(region, {})[name] = (agreed, of, right, lower)
    return found
