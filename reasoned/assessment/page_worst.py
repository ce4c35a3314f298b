"""The worst cases with pictures, as a section of the page."""

import html
from collections.abc import Sequence
from typing import Final

from reasoned.assessment.page_blocks import (
    PageSection,
    figure,
    folded,
    paragraph,
    picture,
    table_of,
)
from reasoned.assessment.page_numbers import NOTHING, percent, promised
from reasoned.assessment.worst import CaseExample, WorstCase
from reasoned.assessment.worst_words import change_words, closest_words
from reasoned.reply.schema import Reply

_ABOUT: Final = (
    "The failures that would mislead most: images whose explanation names another class than the "
    "network although the reply's estimate is high, the highest first; if there are few, images "
    "for which the network is wrong follow. Each is shown as a reader of the reply would see it, "
    "with the nearest training images. Look for a pattern: the same two classes, the same kind "
    "of image. Bad: images that anybody would call plain."
)
_OPEN: Final = 1  # else the page is long before it is understood
_HEAD: Final = ("method", "names", "why it says so")


def worst_section(worst: Sequence[WorstCase]) -> PageSection | None:
    """Show each case, or give None where there are none."""
    if not worst:
        return None
    return PageSection(
        "worst",
        f"What do failures look like? The worst {len(worst)} cases",
        _ABOUT,
        tuple(_case(case, place) for place, case in enumerate(worst, 1)),
    )


def _case(case: WorstCase, place: int) -> str:
    label = case.reply.prediction.label
    said = case.reply.explanation
    parts = [
        f"<article class='case'><h3>{place}. {html.escape(_title(case))}</h3>",
        "<div class='row'>",
        figure(picture(case.image, f"the image {case.id}"), "the image", case.id),
        _example(case.same, f"nearest that the network calls {label}"),
        _example(case.other, "nearest that it calls something else"),
        "</div>",
        paragraph(_facts(case), "says"),
        paragraph(_named(case.reply), "says"),
    ]
    if said is not None:
        parts.append(paragraph(f"The reply says: {said.sentence}", "says note"))
    parts += [
        paragraph(words, "says")
        for words in (closest_words(case.reply), change_words(case.reply))
        if words
    ]
    parts += [_methods(case.reply), _region(case, opened=place <= _OPEN), "</article>"]
    return "".join(parts)


def _title(case: WorstCase) -> str:
    label = case.reply.prediction.label
    if case.parted:
        named = next((n for _, n, _ in named_by(case.reply) if n != NOTHING), NOTHING)
        return f"The network says {label}, its explanation {named}"
    return f"The network says {label}, in truth it is {case.true}"


def _facts(case: WorstCase) -> str:
    found, said = case.reply.prediction, case.reply.explanation
    status = None if said is None else said.status
    true = "unknown" if case.true is None else case.true
    estimate = (
        "The reply gives no estimate"
        if case.estimate is None
        else f"The reply's estimate is {promised(case.estimate)}, its bound {promised(case.lower)}"
    )
    return (
        f"Network: {found.label} ({percent(found.probability)} by its own reckoning). True class: "
        f"{true}. {estimate}. Its status: {(status or 'none').replace('_', ' ')}."
    )


def named_by(reply: Reply) -> list[tuple[str, str, str]]:
    """Give for each evidence its method, the class that it names, and its sentence."""
    evidence = () if reply.explanation is None else reply.explanation.evidence
    return [
        (one.method, NOTHING if one.names is None else one.names.label, one.sentence)
        for one in evidence
    ]


def _named(reply: Reply) -> str:
    told = [
        f"{method} names {'no class' if named == NOTHING else named}"
        for method, named, _ in named_by(reply)
    ]
    return f"What each method names: {'; '.join(told)}." if told else ""


def _methods(reply: Reply) -> str:
    rows = named_by(reply)
    return folded("What each method says", table_of(_HEAD, rows)) if rows else ""


def _example(example: CaseExample | None, words: str) -> str:
    if example is None or example.png is None:
        return ""
    return figure(
        picture(example.png, words),
        words,
        f"{example.predicted}, {example.id}",
        f"distance {example.distance:.2f}",
    )


def _region(case: WorstCase, *, opened: bool) -> str:
    if case.region is None or case.region_jpeg is None:
        return ""
    method, region = case.region
    words = f"What {region} of {method} means: training images that lie in it"
    shown = picture(case.region_jpeg, words, "jpeg")
    return folded(words, f"<div class='region'>{shown}</div>", opened=opened)
