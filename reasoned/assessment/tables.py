"""The figures of an assessment as tables, for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator

from reasoned.assessment.bounds import LEVEL
from reasoned.assessment.figures import AssessmentFigures, GroupFigures, Sentence, ShareFigures
from reasoned.assessment.sentences import brought_words, percent
from reasoned.evaluation.evaluation import Section

_WORST, _WIDTH = 10, 84
_HOLDS = {True: "holds", False: "DOES NOT HOLD", None: "not measured"}


def assessment_sections(figures: AssessmentFigures) -> tuple[Section, ...]:
    """Lay out every table that has rows, the summary first."""
    found = (
        _summary(figures),
        _shares(figures),
        _diagram(figures),
        _groups(figures),
        _shift(figures),
        _strangers(figures),
        _cost(figures),
        _paper(figures),
    )
    return tuple(section for section in found if len(section.rows) > 1)


def _summary(figures: AssessmentFigures) -> Section:
    rows = (row for one in figures.summary for row in _wrapped(one))
    return Section(
        f"What the replies of {figures.model} are worth",
        f"On {figures.reliability.images} images that no fit, choice or calibration saw."
        + brought_words(figures),
        (("", "statement"), *rows),
    )


def _wrapped(one: Sentence) -> Iterator[tuple[str, str]]:
    first, *rest = textwrap.wrap(one.text, _WIDTH)
    yield _HOLDS[one.holds], first
    yield from (("", line) for line in rest)


def _shares(figures: AssessmentFigures) -> Section:
    found = figures.reliability
    rows = [
        ("all", str(found.images), "100.00 %", percent(found.fidelity), percent(found.accuracy)),
        *_rows(found.statuses),
        *_rows((found.wrong,)),
        *_rows(found.classes, "class "),
        *_rows(found.methods, "method "),
    ]
    return Section(
        "How replies do",
        "Fidelity: the first explanation (of a method: its own) names the network's class. "
        "Accuracy: the network's class is the true one. A method's share is what its regions "
        "cover.",
        (("images", "of", "share", "fidelity", "accuracy"), *rows),
    )


def _rows(shares: Iterable[ShareFigures], before: str = "") -> list[tuple[str, ...]]:
    return [
        (
            before + one.name,
            str(one.of),
            percent(one.share),
            percent(one.fidelity),
            percent(one.accuracy),
        )
        for one in shares
    ]


def _diagram(figures: AssessmentFigures) -> Section:
    rows = (
        (
            f"{one.estimate:.4f}",
            f"{one.observed:.4f}",
            f"{one.low:.4f} to {one.high:.4f}",
            str(one.of),
        )
        for one in figures.reliability.diagram
    )
    return Section(
        "Estimates, and what came",
        "Images of the same estimate, or of neighbouring ones where there are many; 95 % intervals "
        "by Clopper and Pearson.",
        (("mean estimate", "observed", "interval", "images"), *rows),
    )


def _groups(figures: AssessmentFigures) -> Section:
    groups = sorted(figures.reliability.groups, key=lambda one: one.p_value)
    return Section(
        "The bounds that fit worst",
        f"The {min(_WORST, len(groups))} of {len(groups)} groups least likely under their bound; "
        f"broken where Holm's procedure over all groups rejects it at {percent(LEVEL, 1)}.",
        (
            ("kind", "group", "bound", "observed", "of", "probability", ""),
            *(_group(one) for one in groups[:_WORST]),
        ),
    )


def _group(one: GroupFigures) -> tuple[str, ...]:
    return (
        one.kind,
        one.name,
        f"{one.lower:.4f}",
        f"{one.agreed / one.of:.4f}",
        str(one.of),
        f"{one.p_value:.2g}",
        "broken" if one.broken else "",
    )


def _shift(figures: AssessmentFigures) -> Section:
    rows = (
        (
            one.kind,
            str(one.severity),
            one.what,
            percent(one.supported),
            percent(one.weak),
            percent(one.out_of_support),
            percent(one.accuracy),
            percent(one.supported_fidelity),
        )
        for one in figures.shift
    )
    head = ("change", "severity", "what", "supported", "weak", "out of support", "accuracy")
    return Section(
        "When images change",
        f"The same {figures.settings.shift_images} test images at most, changed. The last column "
        "is the fidelity among the supported.",
        ((*head, "fidelity"), *rows),
    )


def _strangers(figures: AssessmentFigures) -> Section:
    rows = (
        (
            one.name,
            one.what,
            str(one.images),
            percent(one.not_supported),
            percent(one.out_of_support),
            percent(one.supported_fidelity),
        )
        for one in figures.strangers
    )
    return Section(
        "Images that are not of the model's kind",
        "None of them should be `supported`.",
        (("images", "what", "of", "not supported", "out of support", "supported: fidelity"), *rows),
    )


def _cost(figures: AssessmentFigures) -> Section:
    rows = (
        (one.name, one.kind, f"{one.milliseconds:.3f}", f"{one.passes:.1f}") for one in figures.cost
    )
    return Section(
        "What an explanation costs",
        "Medians over single images, from pixels to explanation, pass of the served graph "
        "included; all in turn, in this run.",
        (("explanation", "whose", "milliseconds", "passes of the graph"), *rows),
    )


def _paper(figures: AssessmentFigures) -> Section:
    rows = ((one.method, one.figure, one.paper, one.ours) for one in figures.paper)
    return Section(
        "Beside the papers",
        "Other networks, other splits: to know the order of magnitude by.",
        (("method", "figure", "the paper", "this model"), *rows),
    )
