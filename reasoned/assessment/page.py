"""The report as one page that holds everything it shows, and works without scripts."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reasoned.assessment.figures import AssessmentFigures
from reasoned.assessment.page_blocks import PageSection
from reasoned.assessment.page_cost import cost_section, paper_section
from reasoned.assessment.page_judges import judges_section
from reasoned.assessment.page_measured import measured_section
from reasoned.assessment.page_opening import opening
from reasoned.assessment.page_samples import NO_SAMPLES, Samples
from reasoned.assessment.page_shift import shift_section, strangers_section
from reasoned.assessment.page_stability import stability_section
from reasoned.assessment.page_status import status_section
from reasoned.assessment.page_trust import trust_sections
from reasoned.assessment.page_worst import worst_section
from reasoned.assessment.worst import WorstCase

STYLE: Final = Path(__file__).with_name("page.css").read_text("utf-8")


def assessment_page(
    figures: AssessmentFigures, worst: Sequence[WorstCase] = (), shown: Samples = NO_SAMPLES
) -> str:
    """Write the page; the same arguments give the same bytes.

    Parameters
    ----------
    figures
        What was found; parts that were not measured are left out of the page.
    worst
        The worst cases, in order.
    shown
        Sample pictures.

    """
    sections = page_sections(figures, worst, shown)
    title = html.escape(figures.model)
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>Can the explanations of {title} be trusted?</title>",
        f"<style>{STYLE}</style></head><body>",
        *opening(figures, sections),
        *(section.markup() for section in sections),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def page_sections(
    figures: AssessmentFigures, worst: Sequence[WorstCase], shown: Samples
) -> list[PageSection]:
    """Give the sections that have something to show, in their order."""
    found = [
        *trust_sections(figures.reliability),
        status_section(figures.reliability),
        shift_section(figures.shift, shown),
        strangers_section(figures.strangers, shown),
        judges_section(figures.judges),
        stability_section(figures.stability),
        cost_section(figures.cost),
        paper_section(figures.paper),
        worst_section(worst),
        measured_section(figures),
    ]
    return [section for section in found if section is not None]
