"""How everything was measured, as the last section of the page."""

import html
from typing import Final

from reasoned.assessment.figures import AssessmentFigures
from reasoned.assessment.page_blocks import PageSection, paragraph, table_of

_ABOUT: Final = (
    "Enough to repeat the run. The images judged are the test split: no fit, choice or "
    "calibration of the model saw them. The same command on the same model and data gives the "
    "same figures, but for times. Bad would be a split that is too small for the figures above."
)


def measured_section(figures: AssessmentFigures) -> PageSection:
    """Name data, splits, settings, command and versions."""
    settings = [(name, _worded(value)) for name, value in figures.settings.model_dump().items()]
    splits = [(name, f"{count:,}") for name, count in figures.splits.items()]
    parts = [
        paragraph(
            f"Model: {figures.model}. Data: {figures.data}. The run took "
            f"{figures.seconds:,.0f} seconds."
        ),
        f"<p>Command: <code>{html.escape(figures.command)}</code></p>",
        f"<p>The model's manifest, SHA-256: <code>{html.escape(figures.sha256)}</code></p>",
        "<div class='plots'>",
        table_of(("split", "images"), splits),
        table_of(("setting", "value"), settings),
        table_of(("library", "version"), sorted(figures.libraries.items())),
        "</div>",
    ]
    return PageSection("measured", "How was this measured?", _ABOUT, tuple(parts))


def _worded(value: object) -> str:
    if value is None:
        return "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none named"
    return str(value)
