"""Whether the statement of replies can be trusted, as sections of the page."""

from collections.abc import Sequence
from typing import Final

from reasoned.assessment.calibration import interval
from reasoned.assessment.figures import GroupFigures, ReliabilityFigures
from reasoned.assessment.page_blocks import PageSection, folded, paragraph, plot, table_of
from reasoned.assessment.page_numbers import images, percent
from reasoned.assessment.plots_trust import (
    bounds_plot,
    crowded_bins,
    high_bounds,
    reliability_plot,
    zoomed_reliability_plot,
)

WORST: Final = 15
_ESTIMATE: Final = (
    "Every reply carries an estimate: how often explanations such as this one name the network's "
    "class. Test images are put together by that estimate, and each dot shows how often it came "
    "true; the bar through a dot is its 95 % interval, and the bars below count its images. Good: "
    "the dots lie on the dashed line, or their bars reach it. Bad: dots well below the line, for "
    "there replies promise more than comes."
)
_BOUNDS: Final = (
    "A reply also carries a bound that the true share should not fall below. It is counted for "
    "groups of images: those of the statement, whose replies promise the same, and for every "
    "method each of its regions, status by status. Each mark is one group. Good: marks "
    "above the dashed line. A mark below it is often chance, since small groups scatter widely "
    "(long bars); a bound counts as broken only where so few agreements would come by chance less "
    "than once in a thousand, made stricter for the number of groups (Holm's procedure). Bad: red "
    "crosses. Where there are two drawings, the second shows the highest bounds alone, enlarged."
)
_GROUPS: Final = ("belongs to", "group", "images", "bound", "came", "95 % interval", "by chance")


def trust_sections(figures: ReliabilityFigures) -> list[PageSection]:
    """Show the estimate, and the bounds."""
    return [_estimate(figures), _bounds(figures)]


def _estimate(figures: ReliabilityFigures) -> PageSection:
    parts = [
        paragraph(
            "On average the estimate is off by "
            f"{percent(figures.calibration_error, 2)} (the calibration error, over "
            f"{images(figures.estimated)} with an estimate). Were every estimate exactly right, "
            f"chance alone would make it about {percent(figures.calibration_error_by_chance, 2)}.",
            "note",
        )
    ]
    if not figures.diagram:
        parts.append(paragraph("No image had an estimate, so there is nothing to draw."))
        return PageSection(
            "estimate", "Does the estimate in a reply come true?", _ESTIMATE, tuple(parts)
        )
    drawings = [plot(reliability_plot(figures.diagram), f"All estimates. {_told(figures)}")]
    zoomed = zoomed_reliability_plot(figures.diagram)
    if zoomed is not None:
        crowded = crowded_bins(figures.diagram)
        drawings.append(plot(zoomed, f"The {len(crowded)} highest groups of estimates, enlarged."))
        parts.append(
            paragraph(
                "First all estimates, then the highest ones, enlarged: most images lie there."
            )
        )
    parts += ["<div class='plots'>", *drawings, "</div>", _bins(figures)]
    return PageSection(
        "estimate", "Does the estimate in a reply come true?", _ESTIMATE, tuple(parts)
    )


def _told(figures: ReliabilityFigures) -> str:
    return "; ".join(
        f"estimate {percent(one.estimate)}, came {percent(one.observed)}" for one in figures.diagram
    )


def _bins(figures: ReliabilityFigures) -> str:
    rows = [
        (
            percent(one.estimate, 2),
            percent(one.observed, 2),
            f"{percent(one.low, 2)} to {percent(one.high, 2)}",
            f"{one.of:,}",
        )
        for one in figures.diagram
    ]
    return folded(
        "The same as a table", table_of(("estimate", "came", "95 % interval", "images"), rows)
    )


def _bounds(figures: ReliabilityFigures) -> PageSection:
    broken = sum(one.broken for one in figures.groups)
    parts = [
        paragraph(
            f"{broken} of {len(figures.groups)} bounds are broken "
            f"({percent(figures.bounds_broken_share)}).",
            "note",
        )
    ]
    counted = [one for one in figures.groups if one.of]
    if counted:
        said = f"{len(counted)} groups, of which {broken} have a broken bound; worst ones below."
        worst = worst_groups(counted)
        caption = f"The {len(worst)} groups that did worst against their bound"
        parts += [
            "<div class='plots'>",
            plot(bounds_plot(counted), said),
            *_enlarged(counted),
            "</div>",
            table_of(_GROUPS, [_group(one) for one in worst], caption),
            paragraph(
                "By chance: how often as few agreements or fewer would come if the bound were "
                "exactly right. A figure near 1 is unremarkable.",
                "soft",
            ),
        ]
    return PageSection("bounds", "Do the bounds hold, group by group?", _BOUNDS, tuple(parts))


def _enlarged(groups: Sequence[GroupFigures]) -> list[str]:
    high = high_bounds(groups)
    if not high:
        return []
    return [plot(bounds_plot(high, "bounds-high"), f"The {len(high)} highest bounds, enlarged.")]


def worst_groups(groups: Sequence[GroupFigures]) -> list[GroupFigures]:
    """Give the groups least likely under their bound, the worst first."""
    return sorted(groups, key=lambda one: (one.p_value, one.agreed / one.of - one.lower))[:WORST]


def _group(one: GroupFigures) -> tuple[str, ...]:
    low, high = interval(one.agreed, one.of)
    return (
        one.kind,
        f"{one.name} (BROKEN)" if one.broken else one.name,
        f"{one.of:,}",
        percent(one.lower),
        percent(one.agreed / one.of),
        f"{percent(low)} to {percent(high)}",
        f"{one.p_value:.2g}",
    )
