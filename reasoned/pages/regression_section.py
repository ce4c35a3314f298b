"""Evidence of form `regression` on a page."""

import html

from explainers.arrays import ByteArray
from reasoned.images.overlays import fitted
from reasoned.pages.page_pictures import picture
from reasoned.pages.pictured import Pictured
from reasoned.pages.region_gallery import region_gallery
from reasoned.pages.regression_words import (
    certain_words,
    chart_words,
    component_words,
    disagreeing_words,
    heading_words,
    residual_words,
    share_words,
    short_name,
)
from reasoned.pages.relevance_chart import chart
from reasoned.pages.signed_map import SIDE, encoded, signed_png
from reasoned.reply.bodies import RegressionBody
from reasoned.reply.schema import RegressionEvidence

_MAPS = (
    "Weights say how a brighter pixel would count, whatever the image shows; contributions are "
    "what this image's pixels add, so black pixels add nothing. Blue: for the class; red: against "
    "it; stronger colour: larger, within one map; white: nothing; grey: not even the sign of the "
    "weight is certain."
)
_NO_MAPS = "Maps of all weights come with --explain full."
_GALLERY = (
    "The training images for which this component answers most. Where the weights lie in the "
    "image, heat shows how large they are, brightest where largest, whatever their sign."
)


def regression_section(
    model: Pictured, evidence: RegressionEvidence, image: ByteArray | None, label: str
) -> str:
    """Draw a regression: who answers, what is predicted, its terms and its maps.

    Parameters
    ----------
    model
        Whose pictures are shown.
    evidence
        The regression.
    image
        As it came; None where it is not at hand.
    label
        The network's class.

    """
    body = evidence.body
    apart = disagreeing_words(evidence, label)
    banner = f"<p class=banner>{html.escape(apart)}</p>" if apart else ""
    region = "" if evidence.region is None else f" <small>{html.escape(evidence.region)}</small>"
    words = (component_words(body), share_words(body), residual_words(body))
    return "".join(
        (
            f"<h2>{html.escape(heading_words(evidence))}{region}</h2>{banner}",
            *(f"<p>{html.escape(line)}</p>" for line in words if line),
            _contributions(body),
            _sum(body),
            _maps(body, None if image is None else model.seen(image)),
            _gallery(model, evidence),
        )
    )


def _contributions(body: RegressionBody) -> str:
    if not body.parts:
        return "<p>No feature adds anything to this prediction.</p>"
    short = [part.model_copy(update={"name": short_name(part.name)}) for part in body.parts]
    return f"<p class=soft>{html.escape(chart_words(body))}</p>{chart(short, None)}"


def _sum(body: RegressionBody) -> str:
    lines = "".join(
        f"<tr><td>{html.escape(part.name)}<td>{part.value:.3g} x {part.weight:.3g} ="
        f"<td>{part.contribution:+.3f}<td>{certain_words(part)}"
        for part in body.parts
    )
    return (
        "<p class=soft>The prediction is exactly the sum of these terms, each a feature's value x "
        "its weight; on the right the weight's 95 % interval:</p><table class=sum>"
        f"{lines}<tr><td>constant<td><td>{body.intercept:+.3f}<td>"
        f"<tr><td>all others<td><td>{body.rest:+.3f}<td>"
        f"<tr class=total><td>{html.escape(body.score)}, predicted<td><td>{body.predicted:.3f}<td>"
        "</table>"
    )


def _maps(body: RegressionBody, image: ByteArray | None) -> str:
    if body.maps is None:
        lies = any(part.name.startswith(("pixel ", "superpixel ")) for part in body.parts)
        return f"<p class=soft>{_NO_MAPS}</p>" if lies else ""
    maps = body.maps
    shown = () if image is None else ((encoded(fitted(image, SIDE)), "the image"),)
    drawn = (
        *shown,
        (signed_png(maps.weights, maps.certain), "weights"),
        (signed_png(maps.contributions, maps.certain), "contributions"),
    )
    cards = "".join(f"<figure>{picture(png, said)}<br>{said}</figure>" for png, said in drawn)
    return (
        f"<h2>Where it lies in the image</h2><p class=soft>{html.escape(_MAPS)}</p>"
        f"<div class='row maps'>{cards}</div>"
    )


def _gallery(model: Pictured, evidence: RegressionEvidence) -> str:
    if evidence.names is None or evidence.body.component is None:
        return ""
    title = f"Which images this component of {evidence.names.label} answers for"
    return region_gallery(model, evidence, title, _GALLERY)
