"""Evidence of form `region` on a page."""

import html
from io import BytesIO

import numpy as np

from explainers.arrays import ByteArray
from reasoned.images.overlays import fitted, overlaid
from reasoned.pages.page_pictures import card, picture
from reasoned.pages.pictured import Pictured
from reasoned.pages.region_gallery import region_gallery
from reasoned.pages.region_words import (
    closest_words,
    counted_words,
    held_words,
    nearest_sides,
    parting_words,
    where_words,
)
from reasoned.reply.bodies import RegionBody
from reasoned.reply.schema import RegionEvidence

_SIDE = 224


def region_section(
    model: Pictured, evidence: RegionEvidence, image: ByteArray | None, label: str
) -> str:
    """Draw a polytope: its sides, how near each is, and what it holds.

    Parameters
    ----------
    model
        Whose thumbnails are shown.
    evidence
        The polytope.
    image
        As it came; None where it is not at hand.
    label
        The network's class.

    """
    body = evidence.body
    region = "" if evidence.region is None else f", {evidence.region}"
    parted = parting_words("This polytope is one of", evidence.names, label)
    words = (parted, where_words(evidence), held_words(evidence))
    return "".join(
        (
            f"<h2>The polytope ({html.escape(evidence.method + region)})</h2>",
            *(f"<p>{html.escape(line)}</p>" for line in words if line),
            _closest(model, body),
            _sides(body),
            _heat(body, None if image is None else model.seen(image)),
            _similar(model, body),
            _gallery(model, evidence),
        )
    )


def _closest(model: Pictured, body: RegionBody) -> str:
    if body.closest is None:
        return ""
    example = body.closest.example
    data = None if example is None else model.example_png(example)
    shown = "" if data is None or example is None else picture(data, example)
    words = html.escape(closest_words(body.closest))
    return f"<div class=nearest>{shown}<p>{words}</p></div>"


def _sides(body: RegionBody) -> str:
    groups, more = nearest_sides(body)
    if not groups:
        return ""
    most = max(abs(group.margin) for group in groups) or 1.0
    rows = "".join(
        f"<div class='side{' closest' if group.closest else ''}'>"
        f"<span>{html.escape(group.label)}</span><span class=track>"
        f"<span class='bar {'plus' if group.margin >= 0 else 'minus'}' "
        f"style='width:{100 * abs(group.margin) / most:.1f}%'></span></span>"
        f"<span class=number>{group.margin:+.2f}</span><span class=count>"
        f"{counted_words(group.count)}{', the closest' if group.closest else ''}</span></div>"
        for group in groups
    )
    rest = f"<p class=soft>And {more} more classes, farther away.</p>" if more else ""
    return (
        "<p class=soft>Each bar is a class with sides towards it. Its length is the smallest "
        "margin of these sides: by how many logits the image is on the inner side. The closest "
        "side is the first to be reached in the explained layer; the bars count logits, so the "
        f"shortest bar may be another.</p><div class=sides>{rows}</div>{rest}"
    )


def _heat(body: RegionBody, image: ByteArray | None) -> str:
    if not body.heat_map:
        return ""
    heat = np.round(255.0 * np.array(body.heat_map)).astype(np.uint8)
    below = np.zeros((*heat.shape, 1), np.uint8) if image is None else image
    shown, encoded = overlaid(fitted(below, _SIDE), heat), BytesIO()
    shown.save(encoded, "PNG", optimize=True)
    rows, columns = heat.shape
    alone = " The image itself is not kept." if image is None else ""
    empty = "" if heat.any() else " Here it is zero everywhere: the sides' weights cancel out."
    return (
        f"<h2>Heat map</h2><p class=soft>A {rows} x {columns} map, smoothed: where the channels "
        "that keep the image inside are active. It is no outline of what the network looks at."
        f"{empty}{alone}</p>"
        f"<div class=heat>{picture(encoded.getvalue(), 'the image under its heat map')}</div>"
    )


def _similar(model: Pictured, body: RegionBody) -> str:
    cards = "".join(
        card(model, e.id, e.id, f"distance {e.distance:.2f} logits") for e in body.similar
    )
    if not cards:
        return ""
    return (
        "<h2>Similar training images inside</h2><p class=soft>The distance adds up, over all "
        f"sides, by how many logits the two images differ.</p><div class=row>{cards}</div>"
    )


def _gallery(model: Pictured, evidence: RegionEvidence) -> str:
    return region_gallery(
        model,
        evidence,
        f"What {evidence.region} holds",
        "The image it was made for, framed, and others inside, each with its heat map. "
        "'against ...' is the heat map by that one side alone.",
    )
