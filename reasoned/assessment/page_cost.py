"""What explanations cost, and what the papers report, as sections of the page."""

from collections.abc import Sequence
from typing import Final

from reasoned.assessment.figures import CostFigures, PaperRow
from reasoned.assessment.page_blocks import PageSection, plot, table_of
from reasoned.assessment.page_numbers import plain
from reasoned.assessment.plots_cost import cost_bars

_COST: Final = (
    "How long one explanation takes, for the methods of this model (plain bars) and for "
    "well-known methods of others on the same network (hatched bars), measured in the same run, "
    "one image at a time. Passes: how often the served graph, which computes the class and the "
    "numbers that explanations are made of, could have run in that time. Low is good; bad would be "
    "an explanation that takes far longer than the answer may."
)
_PAPER: Final = (
    "The methods come from published papers. Here is what the papers print beside what this model "
    "reached. Data, networks and sizes differ, so figures need not be equal; bad would be one of "
    "ours far below its paper's without a reason in the note."
)


def cost_section(costs: Sequence[CostFigures]) -> PageSection | None:
    """Show costs, or give None where none were measured."""
    if not costs:
        return None
    ordered = sorted(costs, key=lambda one: (one.milliseconds, one.name))
    said = "; ".join(f"{one.name}: {plain(one.milliseconds)} ms" for one in ordered)
    head = ("method", "whose", "milliseconds", "passes")
    rows = [
        (
            one.name,
            "this model" if one.kind == "ours" else "others",
            plain(one.milliseconds),
            plain(one.passes),
        )
        for one in ordered
    ]
    return PageSection(
        "cost",
        "What does an explanation cost?",
        _COST,
        (plot(cost_bars(ordered), said, large=True), table_of(head, rows)),
    )


def paper_section(rows: Sequence[PaperRow]) -> PageSection | None:
    """Show the papers' figures beside ours, or give None where there are none."""
    if not rows:
        return None
    head = ("method", "figure", "the paper", "here", "note")
    lines = [(one.method, one.figure, one.paper, one.ours, one.note) for one in rows]
    return PageSection(
        "papers", "How does this compare with the papers?", _PAPER, (table_of(head, lines),)
    )
