"""Status rules, and what is counted for them, made by hand."""

from explainers.decision_list import DecisionList, Entry
from explainers.reliability import Calibration, Counts, ReliabilityTable, Statement
from explainers.status import STATUSES, StatusRule, subsets

STATED: Statement = (40, 50, 45, 0.8, 0.7)


def rule_of(company: int = 0, **least: float) -> StatusRule:
    """Make a rule that asks methods in this order, firm from these strengths on.

    Parameters
    ----------
    company
        How many others must name the same class, where so many are asked.
    least
        Per method its least strength; one above 1 is never firm.

    """
    return StatusRule(
        tuple(least), {"+".join(some): _list(some, least, company) for some in subsets((*least,))}
    )


def _list(some: tuple[str, ...], least: dict[str, float], company: int) -> DecisionList:
    wanted = min(company, len(some) - 1)
    entries = tuple(Entry(name, wanted, least[name]) for name in some if least[name] <= 1.0)
    return DecisionList(entries, some, 0.99, reached=True)


def counted_for(
    rule: StatusRule,
    counts: dict[str, dict[str, dict[str, Counts]]],
    calibration: Calibration = "held_out",
    stated: Statement = STATED,
) -> ReliabilityTable:
    """Give the same statement for every group of a rule."""
    statements: dict[str, dict[str, Statement]] = {key: {} for key in rule.lists}
    for verdict in rule.verdicts():
        if verdict.asked:
            statements[verdict.asked][verdict.group] = stated
    overall = {key: dict.fromkeys(STATUSES, stated[3]) for key in rule.lists}
    return ReliabilityTable(counts, statements, overall, calibration)
