"""How often replies have which status, and how they do there, as a section of the page."""

from collections.abc import Sequence
from typing import Final

from reasoned.assessment.figures import ReliabilityFigures, ShareFigures
from reasoned.assessment.page_blocks import (
    PageSection,
    folded,
    paragraph,
    plot,
    subheading,
    table_of,
)
from reasoned.assessment.page_numbers import counted, percent
from reasoned.assessment.plots_status import class_dots, share_bars

MOST_DRAWN: Final = 30
_ABOUT: Final = (
    "Every reply has one of three statuses. The bars show how many test images get each, how "
    "often the explanation then names the network's class, and how often the network is right. "
    "Good: most images are supported, and there the second bar is close to 100 %. Bad: many "
    "images that are not supported, for then most replies say little; or a supported bar well "
    "below 100 %, for then the status promises too much."
)
_METHODS: Final = (
    "What each method does by itself. Covered: the share of images for which it has an answer "
    "at all. Good: high figures in both columns; a method that covers little can still be right "
    "where it speaks."
)
_CLASSES: Final = (
    "Images are put together by the class that the network gives. Good: all dots near the right "
    "edge. A class far to the left is one whose explanations fail more often than others."
)
_HEAD: Final = ("", "images", "share", "explanation names the network's class", "network is right")


def status_section(figures: ReliabilityFigures) -> PageSection:
    """Show statuses, methods, classes and the network's errors."""
    statuses = [one for one in figures.statuses if one.of]
    parts = [
        paragraph(
            f"Over all images the explanation names the network's class for "
            f"{percent(figures.fidelity)}, and the network is right for "
            f"{percent(figures.accuracy)}.",
            "note",
        ),
    ]
    if statuses:
        parts.append(plot(share_bars(statuses, "statuses"), _told(statuses), large=True))
    parts += [
        _table(figures.statuses),
        subheading("Where the network is wrong"),
        paragraph(_wrong(figures.wrong)),
        *_methods(figures.methods),
        *_classes(figures.classes),
    ]
    return PageSection("status", "How many replies can be relied on?", _ABOUT, tuple(parts))


def _told(shares: Sequence[ShareFigures]) -> str:
    return "; ".join(
        f"{one.name.replace('_', ' ')}: {percent(one.share)} of the images, explanation names the "
        f"network's class for {percent(one.fidelity)}, network right for {percent(one.accuracy)}"
        for one in shares
    )


def _table(shares: Sequence[ShareFigures]) -> str:
    rows = [
        (
            one.name.replace("_", " "),
            f"{one.of:,}",
            percent(one.share),
            percent(one.fidelity, 2),
            percent(one.accuracy, 2),
        )
        for one in shares
    ]
    return table_of(_HEAD, rows)


def _wrong(wrong: ShareFigures) -> str:
    if not wrong.of:
        return "The network is wrong for none of these images."
    return (
        f"The network is wrong for {counted(wrong.share, round(wrong.of / wrong.share))} images. "
        f"Even there an explanation should name what the network says, not what is true: it does "
        f"for {percent(wrong.fidelity)}. A figure far below that of all images is to be "
        "expected, since such images lie between classes; it is bad where such replies still "
        "read as supported."
    )


def _methods(methods: Sequence[ShareFigures]) -> list[str]:
    if not methods:
        return []
    head = ("method", "covered", "names the network's class", "network is right there")
    rows = [
        (one.name, percent(one.share), percent(one.fidelity, 2), percent(one.accuracy, 2))
        for one in methods
    ]
    return [subheading("Method by method"), paragraph(_METHODS), table_of(head, rows)]


def _classes(classes: Sequence[ShareFigures]) -> list[str]:
    known = [one for one in classes if one.of and one.fidelity is not None]
    if not known:
        return []
    ordered = sorted(known, key=lambda one: (one.fidelity, one.name))
    drawn = ordered[:MOST_DRAWN]
    said = "All classes" if len(drawn) == len(known) else f"The {MOST_DRAWN} worst classes"
    return [
        subheading("Class by class"),
        paragraph(f"{_CLASSES} {said}, the worst on top."),
        plot(class_dots(drawn), _told(drawn), large=True),
        folded("The same as a table", _table(ordered)),
    ]
