"""Evidence of form `parts` on a page."""

import html

from reasoned.pages.parts_words import (
    Term,
    apart_words,
    dashed_words,
    leading_part,
    led_words,
    most_relevant,
    nothing_words,
    origin_words,
    terms,
    total_words,
)
from reasoned.pages.pictured import Pictured
from reasoned.pages.region_gallery import region_gallery
from reasoned.pages.relevance_chart import chart
from reasoned.reply.bodies import PartsBody
from reasoned.reply.schema import PartsEvidence

_SAMPLES = (
    "Above: training images of this group, the framed one with the highest attribute. Below each, "
    "where there is a second row: the same image changed by a search so that the attribute rises "
    "further. The last two are then controls: the search begun from noise, and the search without "
    "limits on the pixels (brightness rescaled). Such pictures show what raises the attribute; "
    "they are not photographs, nor maps of what the network looks at."
)


def parts_section(model: Pictured, evidence: PartsEvidence, label: str) -> str:
    """Draw a sum: how relevant each part is, what they add up to, and what the region means.

    Parameters
    ----------
    model
        Whose pictures are shown.
    evidence
        The sum.
    label
        The network's class.

    """
    apart = apart_words(evidence, label)
    banner = f"<p class=banner>{html.escape(apart)}</p>" if apart else ""
    words = (origin_words(evidence.body), nothing_words(evidence.body))
    return "".join(
        (
            f"<h2>{_heading(evidence)}</h2>{banner}",
            *(f"<p>{html.escape(line)}</p>" for line in words if line),
            _relevances(evidence.body),
            _sum(evidence),
            _gallery(model, evidence),
        )
    )


def _heading(evidence: PartsEvidence) -> str:
    if evidence.body.by_design is None or evidence.names is None:
        return f"The sum ({html.escape(led_words(evidence))})"
    region = "" if evidence.region is None else f" <small>{html.escape(evidence.region)}</small>"
    return f"Attributes: why the interpreter says {html.escape(evidence.names.label)}{region}"


def _relevances(body: PartsBody) -> str:
    shown = most_relevant(body)
    if not shown:
        return ""
    more = len(body.parts) - len(shown)
    opening = (
        "Each bar is a part's relevance: its contribution to the score as a share of the largest "
        "one."
    )
    sides = dashed_words(body) or "Bars to the right raise the score, bars to the left lower it."
    left_out = f"{more} more are less relevant, and left out." if more else ""
    words = " ".join(line for line in (opening, sides, left_out) if line)
    return f"<p class=soft>{html.escape(words)}</p>{chart(shown, body.threshold)}"


def _sum(evidence: PartsEvidence) -> str:
    body, total = evidence.body, html.escape(total_words(evidence))
    lines = "".join(_line(term) for term in terms(body))
    return (
        f"<p class=soft>{total[0].upper()}{total[1:]} = {body.total:.3f}, exactly the sum of these "
        f"terms:</p><table class=sum>{lines}"
        f"<tr class=total><td>{total}<td><td>{body.total:.3f}</table>"
    )


def _line(term: Term) -> str:
    product = f"{term.product} =" if term.product else ""
    return f"<tr><td>{html.escape(term.name)}<td>{product}<td>{term.amount:+.3f}"


def _gallery(model: Pictured, evidence: PartsEvidence) -> str:
    leading, title = leading_part(evidence.body), f"What {evidence.region} stands for"
    if leading and evidence.names is not None:
        title = f"Images that the interpreter calls {evidence.names.label}, led by {leading}"
    return region_gallery(model, evidence, title, _SAMPLES)
