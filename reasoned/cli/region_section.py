"""Evidence of form `region` on a page."""

import html
from io import BytesIO

import numpy as np

from explainers.arrays import ByteArray
from reasoned.cli.page_pictures import card, picture
from reasoned.cli.region_words import closest_words, held_words, nearest_facets, where_words
from reasoned.images.overlays import fitted, overlaid
from reasoned.model import ExplainedModel
from reasoned.reply.bodies import RegionBody
from reasoned.reply.schema import RegionEvidence

_SIDE = 224


def region_section(model: ExplainedModel, evidence: RegionEvidence, image: ByteArray) -> str:
    """Draw a polytope: its sides, how near each is, what it holds, and where it looks."""
    body = evidence.body
    region = "" if evidence.region is None else f", {evidence.region}"
    words = (where_words(evidence), held_words(evidence), closest_words(body.closest))
    return "".join(
        (
            f"<h2>The polytope ({html.escape(evidence.method + region)})</h2>",
            *(f"<p>{html.escape(line)}</p>" for line in words if line),
            _facets(evidence),
            _heat(body, model.manifest.preprocessing.resized(image)),
            _similar(model, body),
            _gallery(model, evidence),
        )
    )


def _facets(evidence: RegionEvidence) -> str:
    facets, more = nearest_facets(evidence)
    if not facets:
        return ""
    most = max(abs(facet.margin) for facet in facets) or 1.0
    rows = "".join(
        f"<div class=side><span>{html.escape(facet.against.label)}</span><span class=track>"
        f"<span class='bar {'plus' if facet.margin >= 0 else 'minus'}' "
        f"style='width:{100 * abs(facet.margin) / most:.1f}%'></span></span>"
        f"<span class=number>{facet.margin:+.2f}</span></div>"
        for facet in facets
    )
    rest = f"<p class=soft>And {more} more, farther away.</p>" if more else ""
    return (
        "<p class=soft>Each bar is one side: the class that lies beyond it, and by how many logits "
        f"the image is on the inner side.</p><div class=sides>{rows}</div>{rest}"
    )


def _heat(body: RegionBody, image: ByteArray) -> str:
    if not body.heat_map:
        return ""
    heat = np.round(255.0 * np.array(body.heat_map)).astype(np.uint8)
    shown, encoded = overlaid(fitted(image, _SIDE), heat), BytesIO()
    shown.save(encoded, "PNG", optimize=True)
    return (
        "<h2>Where the polytope's sides look</h2><p class=soft>The brighter, the more this part "
        "of the image holds it inside.</p>"
        f"<div class=heat>{picture(encoded.getvalue(), 'the image under its heat map')}</div>"
    )


def _similar(model: ExplainedModel, body: RegionBody) -> str:
    cards = "".join(card(model, e.id, e.id, f"Dist {e.distance:.2f}") for e in body.similar)
    if not cards:
        return ""
    return (
        "<h2>Similar training images inside</h2><p class=soft>Dist adds up how far apart the two "
        f"images lie across every side.</p><div class=row>{cards}</div>"
    )


def _gallery(model: ExplainedModel, evidence: RegionEvidence) -> str:
    if evidence.picture is None or evidence.region is None:
        return ""
    png = model.region_png(evidence.method, evidence.region)
    if png is None:
        return ""
    return (
        f"<h2>What {html.escape(evidence.region)} holds</h2><p class=soft>The image it was made "
        "for, framed, and others inside; below each, where the sides look.</p>"
        f"<div class=gallery>{picture(png, f'training images inside {evidence.region}')}</div>"
    )
