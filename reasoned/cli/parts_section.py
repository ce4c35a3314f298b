"""Evidence of form `parts` on a page."""

import html

from reasoned.cli.parts_words import (
    Term,
    apart_words,
    led_words,
    most_relevant,
    nothing_words,
    origin_words,
    terms,
    threshold_words,
)
from reasoned.cli.region_gallery import region_gallery
from reasoned.cli.relevance_chart import chart
from reasoned.model import ExplainedModel
from reasoned.reply.bodies import PartsBody
from reasoned.reply.schema import PartsEvidence


def parts_section(model: ExplainedModel, evidence: PartsEvidence, label: str) -> str:
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
            f"<h2>The sum ({html.escape(led_words(evidence))})</h2>{banner}",
            *(f"<p>{html.escape(line)}</p>" for line in words if line),
            _relevances(evidence.body),
            _sum(evidence.body),
            _gallery(model, evidence),
        )
    )


def _relevances(body: PartsBody) -> str:
    shown = most_relevant(body)
    if not shown:
        return ""
    more = len(body.parts) - len(shown)
    opening = (
        "Each bar is a part's relevance: its contribution to the score as a share of the largest "
        "one. Bars to the right raise the score, bars to the left lower it."
    )
    left_out = f"{more} more are less relevant, and left out." if more else ""
    words = " ".join(line for line in (opening, threshold_words(body), left_out) if line)
    return f"<p class=soft>{html.escape(words)}</p>{chart(shown, body.threshold)}"


def _sum(body: PartsBody) -> str:
    lines = "".join(_line(term) for term in terms(body))
    return (
        f"<p class=soft>{html.escape(body.score)} = {body.total:.3f}, exactly the sum of these "
        f"terms:</p><table class=sum>{lines}"
        f"<tr class=total><td>{html.escape(body.score)}<td><td>{body.total:.3f}</table>"
    )


def _line(term: Term) -> str:
    product = f"{term.product} =" if term.product else ""
    return f"<tr><td>{html.escape(term.name)}<td>{product}<td>{term.amount:+.3f}"


def _gallery(model: ExplainedModel, evidence: PartsEvidence) -> str:
    return region_gallery(
        model,
        evidence,
        f"What {evidence.region} stands for",
        "The group of images that the interpreter puts into one class, by the same leading "
        "attribute: training images in which that is highest, the first one framed. A picture "
        "below an image was optimised from it to raise the attribute further, unless other words "
        "stand below it. It shows what raises the attribute, and is neither a photograph nor an "
        "outline of what the network looks at.",
    )
