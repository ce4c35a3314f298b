"""What tests by others say of explanations that are pictures, as a section of the page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reasoned.assessment.judges_words import better_peers, no_better_than_chance
from reasoned.assessment.page_blocks import (
    PageSection,
    folded,
    listed,
    paragraph,
    plot,
    subheading,
    table_of,
)
from reasoned.assessment.page_numbers import NOTHING, images, percent, plain
from reasoned.assessment.plots import named
from reasoned.judges.figures import JudgeFigures, SanityFigures, Score
from reasoned.judges.plots import curve_plots, score_plots
from reasoned.judges.settings import METRICS, Metric

_ABOUT: Final = (
    "Some explanations are pictures: they mark the pixels that speak for a class. Tests that "
    "others have published (most of them in the library Quantus) are put here to our pictures, "
    "to those of well-known methods (peers), and to a random picture, on the same network and "
    "images. No single test settles the matter, and they often disagree. Good: ours beside the "
    "best peers and far from random. Bad: ours no better than random, or a failed sanity check."
)
_SANITY: Final = (
    "Sanity checks: an explanation of a network that has learned nothing must not look like one "
    "of the trained network. Each claim below must reach its limit on the trained network, and "
    "fall below it on two that know nothing of the classes: the same network with its "
    "parameters in another order, and one trained on labels that were dealt out at random. 1 is "
    "full agreement, 0 is chance."
)
_SANITY_HEAD: Final = (
    "claim",
    "method",
    "trained network",
    "parameters reordered",
    "shuffled labels",
    "limit",
    "check",
    "note",
)
_MEANS: Final[dict[Metric, str]] = {
    "pixel_flipping": "The most important pixels are blackened first; the network's score for "
    "its class should fall fast.",
    "faithfulness_correlation": "Random groups of pixels are blackened; the score should fall "
    "most where the picture says that they matter most.",
    "road": "The most important pixels are removed and smoothed over, and the network is asked "
    "again; it should be right less often.",
    "max_sensitivity": "How far the picture changes when the image changes a little.",
    "random_logit": "How much the picture resembles the one for another class.",
    "parameter_randomisation": "How much the picture resembles the one of a network with random "
    "parameters.",
    "deletion": "The most important pixels fade to the mean colour first; the class's probability "
    "should fall fast.",
    "insertion": "The most important pixels come back first into a blurred image; the class's "
    "probability should rise fast.",
}


def judges_section(found: Mapping[str, Any] | None) -> PageSection | None:
    """Show what judges found, or give None where none was asked.

    Parameters
    ----------
    found
        `JudgeFigures` as a record.

    """
    if not found:
        return None
    figures = JudgeFigures.model_validate(found)
    parts = [
        *_rivalries(figures),
        *_scores(figures),
        *_sanity(figures.sanity),
        *_measured(figures),
    ]
    return PageSection("judges", "What do outside tests say?", _ABOUT, tuple(parts))


def _rivalries(figures: JudgeFigures) -> list[str]:
    if not figures.rivalries:
        return []
    found = better_peers(figures)
    said = found or ["By no test is the best peer clearly better than the best of ours."]
    lines = listed((*said, *no_better_than_chance(figures)), "note")
    head = ("test", "our best", "the peers' best", "verdict")
    rows = [
        (one.metric.replace("_", " "), one.ours, one.peer, one.verdict) for one in figures.rivalries
    ]
    return [subheading("Ours beside the best of others"), lines, table_of(head, rows)]


def _scores(figures: JudgeFigures) -> list[str]:
    by_method = figures.table()
    asked = [metric for metric in METRICS if any(metric in own for own in by_method.values())]
    if not asked:
        return []
    better = {score.metric: score.direction for score in figures.scores}
    head = ("test", "what it does", "better is")
    means = [(metric.replace("_", " "), _MEANS[metric], better[metric]) for metric in asked]
    kinds = {one.name: one.kind for one in figures.methods}
    columns = ("method", "whose", *(metric.replace("_", " ") for metric in asked))
    rows = [
        (name, kinds.get(name, NOTHING), *(_score(own.get(metric)) for metric in asked))
        for name, own in by_method.items()
    ]
    return [
        subheading("Test by test"),
        table_of(head, means),
        plot(named(score_plots(figures), "scores"), _told(figures), large=True),
        *_curves(figures),
        folded("All scores, with 95 % intervals", table_of(columns, rows)),
    ]


def _told(figures: JudgeFigures) -> str:
    return "; ".join(
        f"{one.metric.replace('_', ' ')}, {one.method}: {plain(one.mean)}" for one in figures.scores
    )


def _curves(figures: JudgeFigures) -> list[str]:
    if not figures.curves:
        return []
    words = (
        "The class's probability while the most important pixels are taken out of the image, and "
        "put in."
    )
    return [plot(named(curve_plots(figures), "curves"), words, large=True)]


def _score(score: Score | None) -> str:
    if score is None:
        return NOTHING
    return f"{plain(score.mean)} ({plain(score.low)} to {plain(score.high)})"


def _sanity(checks: Sequence[SanityFigures]) -> list[str]:
    if not checks:
        return []
    failed = sum(not one.passed for one in checks)
    rows = [
        (
            one.check,
            one.method,
            f"{one.trained:.2f}",
            f"{one.redrawn:.2f}",
            f"{one.shuffled_labels:.2f}",
            f"{one.limit:.2f}",
            "passed" if one.passed else "FAILED",
            one.note,
        )
        for one in checks
    ]
    said = f"{len(checks) - failed} of {len(checks)} sanity checks passed, {failed} failed."
    return [
        subheading("Would it notice a network that has learned nothing?"),
        paragraph(_SANITY),
        paragraph(said, "note"),
        table_of(_SANITY_HEAD, rows),
    ]


def _measured(figures: JudgeFigures) -> list[str]:
    how = (
        f"{images(figures.images)}; Quantus {figures.quantus}. The judged copy of the network "
        f"differs from the served one by {percent(figures.network_difference, 4)} of the largest "
        "score."
    )
    lines = [
        how,
        *(
            f"{one.name}, what stays if the network changes: {one.stays}"
            for one in figures.methods
            if one.stays
        ),
        *(f"Not judged, {what}: {why}" for what, why in figures.left_out.items()),
    ]
    return [paragraph(line, "soft") for line in lines]
