"""What happens when images change or are of another kind, as sections of the page."""

import re
from collections.abc import Sequence
from typing import Final

from reasoned.assessment.figures import ShiftFigures, StrangerFigures
from reasoned.assessment.page_blocks import (
    PageSection,
    figure,
    folded,
    image_picture,
    paragraph,
    plot,
    subheading,
    table_of,
)
from reasoned.assessment.page_numbers import percent
from reasoned.assessment.page_samples import Samples
from reasoned.assessment.plots_shift import WANTED, shift_plot
from reasoned.assessment.shifted import unfaithful

_ABOUT: Final = (
    "Images in use are seldom like those of the laboratory. Here test images are changed more "
    "and more, from 0 (as they are) to 5. Each bar shows how many replies still read as "
    "supported; the line shows how often the explanation of those names the network's class. "
    "Good: with stronger changes the supported share shrinks, and the line stays above the "
    "dotted one at 97 %. Bad: a tall supported share at severity 5, or a line that sinks below "
    "the dots while replies still read as supported."
)
_KEY: Final = (
    "<div class='key'><span class='supported'>supported</span><span class='weak'>weak</span>"
    "<span class='out'>out of support</span><span class='line'>explanation names the "
    "network's class, among supported</span><span class='wanted'>97 %</span></div>"
)
_HEAD: Final = (
    "severity",
    "what was done",
    "supported",
    "weak",
    "out of support",
    "network is right",
    "names the network's class, all",
    "among supported",
)
_FALLEN: Final = (
    "change",
    "severity",
    "what was done",
    "still supported",
    "of these, explanation names the network's class",
)
_STRANGERS: Final = (
    "The network gives a class to whatever it is sent, also to noise. A reply to such an image "
    "should not read as supported. Good: 95 % or more are not supported. Bad: a low figure, for "
    "then a reply may look trustworthy although the image has nothing to do with the model. "
    "Out of support is the plainest answer; weak is a warning too."
)
_NAMED: Final = "of those supported, explanation names the network's class"


def shift_section(points: Sequence[ShiftFigures], samples: Samples) -> PageSection | None:
    """Show one small plot per kind of change, or give None where nothing was changed."""
    if not points:
        return None
    kinds = dict.fromkeys(one.kind for one in points)
    parts = [
        *_fallen(points),
        _KEY,
        "<div class='plots'>",
        *(_kind(kind, _of(points, kind), samples) for kind in kinds),
        "</div>",
    ]
    for kind in kinds:
        rows = [_row(one) for one in _of(points, kind)]
        parts.append(folded(f"{kind}: the same as a table", table_of(_HEAD, rows)))
    return PageSection("shift", "What happens when images change?", _ABOUT, tuple(parts))


def _fallen(points: Sequence[ShiftFigures]) -> list[str]:
    found = unfaithful(points)
    if not found:
        return [
            paragraph(
                "Under every change and severity, explanations of supported replies name the "
                f"network's class for at least {percent(WANTED, 0)}.",
                "note",
            )
        ]
    rows = [
        (
            one.kind,
            str(one.severity),
            one.what,
            percent(one.supported),
            percent(one.supported_fidelity),
        )
        for one in found
    ]
    said = (
        f"At {len(found)} of {len(points)} points the status promises too much: fewer than "
        f"{percent(WANTED, 0)} of the explanations of supported replies name the network's class."
    )
    return [paragraph(said, "note"), table_of(_FALLEN, rows)]


def _of(points: Sequence[ShiftFigures], kind: str) -> list[ShiftFigures]:
    return sorted((one for one in points if one.kind == kind), key=lambda one: one.severity)


def _kind(kind: str, points: Sequence[ShiftFigures], samples: Samples) -> str:
    said = "; ".join(
        f"severity {one.severity}: {percent(one.supported)} supported, of which "
        f"{percent(one.supported_fidelity)} name the network's class"
        for one in points
    )
    shown = [
        figure(image_picture(image, f"{kind}, severity {one.severity}"), str(one.severity))
        for one in points
        if (image := samples.shifts.get((kind, one.severity))) is not None
    ]
    strip = f"<div class='strip'>{''.join(shown)}</div>" if shown else ""
    drawing = plot(shift_plot(points, f"shift-{_anchor(kind)}"), f"{kind}. {said}")
    return f"<div>{subheading(kind)}{drawing}{strip}</div>"


def _anchor(kind: str) -> str:
    return re.sub("[^a-z0-9]+", "-", kind.lower())


def _row(one: ShiftFigures) -> tuple[str, ...]:
    return (
        str(one.severity),
        one.what,
        percent(one.supported),
        percent(one.weak),
        percent(one.out_of_support),
        percent(one.accuracy),
        percent(one.fidelity),
        percent(one.supported_fidelity),
    )


def strangers_section(strangers: Sequence[StrangerFigures], samples: Samples) -> PageSection | None:
    """Show how replies to images of another kind read, or give None where none were sent."""
    if not strangers:
        return None
    head = ("sent", "what it is", "images", "not supported", "out of support", _NAMED)
    rows = [
        (
            one.name,
            one.what,
            f"{one.images:,}",
            percent(one.not_supported),
            percent(one.out_of_support),
            percent(one.supported_fidelity),
        )
        for one in strangers
    ]
    parts = [table_of(head, rows)]
    for one in strangers:
        pictures = samples.strangers.get(one.name, ())
        if pictures:
            shown = "".join(
                figure(image_picture(image, f"{one.name}, example {place}"))
                for place, image in enumerate(pictures, 1)
            )
            parts += [subheading(one.name), f"<div class='row'>{shown}</div>"]
    return PageSection(
        "strangers", "What if the images are something else?", _STRANGERS, tuple(parts)
    )
