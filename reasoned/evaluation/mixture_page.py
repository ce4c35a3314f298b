"""The evaluation of a mixture as one page that holds everything it shows."""

import html
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray, FloatArray, IntArray
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.mixture_figures import MixtureFigures
from reasoned.evaluation.mixture_plots import pcr_plots
from reasoned.evaluation.mixture_tables import scope_of
from reasoned.evaluation.mixture_verdict import vulnerability_sentence
from reasoned.evaluation.mixture_vulnerabilities import Tried
from reasoned.evaluation.page_parts import STYLE, png_url, table

MOST_PICTURES: Final = 24
_SIDE: Final = 112
_MORE: Final = ".pasted figure{width:220px}.pasted img{width:112px}"
_OPENING: Final = (
    "<p>A mixture explains each class of the network by a few sparse linear models of its "
    "log-odds, and says which of them holds for an image. Here the explanations are tried on "
    "images that no fit has seen: what a ranking calls most important is removed, copied into "
    "other images, or kept alone, and the network is asked again.</p>"
)
_CURVES: Final = (
    "<h2>The curves, drawn</h2><p>Removal: lower is better; insertion and synthetic: higher. Bands "
    "are 95 % bootstrap intervals, drawn for the mixture's rankings and one at random so that "
    "they stay readable; the tables hold all.</p>"
)
_PICTURES: Final = (
    "<h2>What the network was fooled by</h2><p>One picture of each vulnerability that was found, "
    "of those that the network gives the class; at most {most}, each component's most frequent "
    "first.</p>"
)


def mixture_page(
    figures: MixtureFigures,
    sections: Sequence[Section],
    sentences: Sequence[str],
    tried: Sequence[Tried],
    shape: IntArray,
) -> str:
    """Write the page.

    Parameters
    ----------
    figures
        What was found.
    sections
        The same as tables.
    sentences
        What they say.
    tried
        The pasted insights, with a picture each.
    shape
        (channels, rows, columns) of the pictures.

    """
    title = html.escape(figures.model)
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>Evaluation of {title}</title>",
        f"<style>{STYLE}{_MORE}</style></head><body>",
        f"<h1>How well do mixtures of regressions explain {title}?</h1>",
        _OPENING,
        *(f"<p class='note'>{html.escape(sentence)}</p>" for sentence in sentences),
        *_curves(figures),
        *_vulnerabilities(figures, tried, shape),
        *(part for section in sections for part in table(section)),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _curves(figures: MixtureFigures) -> list[str]:
    if not figures.curves:
        return []
    scope = scope_of(figures)
    parts = [_CURVES, pcr_plots(figures, scope)]
    names = dict.fromkeys(one.name for one in figures.curves if one.name != scope)
    for name in names:
        parts += [
            f"<details><summary>{html.escape(name)}</summary>",
            pcr_plots(figures, name),
            "</details>",
        ]
    return parts


def _vulnerabilities(figures: MixtureFigures, tried: Sequence[Tried], shape: IntArray) -> list[str]:
    found = sorted(
        (one for one in tried if one.figures.found),
        key=lambda one: -one.figures.pasted.count,
    )
    if not found:
        return []
    parts = [_PICTURES.format(most=MOST_PICTURES), "<div class='row pasted'>"]
    for one in _one_of_each(found)[:MOST_PICTURES]:
        said = html.escape(vulnerability_sentence(one.figures, figures.features))
        url = png_url(as_picture(one.picture, shape))
        parts.append(f"<figure><img src='{url}' alt=''><figcaption>{said}</figcaption></figure>")
    return [*parts, "</div>"]


def _one_of_each(found: Sequence[Tried]) -> list[Tried]:
    """Put every component's first before any component's second."""
    count, places = dict[tuple[str, int], int](), list[int]()
    for one in found:
        key = (one.figures.name, one.figures.component)
        places.append(count.get(key, 0))
        count[key] = places[-1] + 1
    return [found[i] for i in sorted(range(len(found)), key=places.__getitem__)]


def as_picture(values: FloatArray, shape: IntArray) -> ByteArray:
    """Turn flattened pixels into (rows, columns, 3); a small one enlarged, its pixels squares."""
    shaped = np.clip(values.reshape(shape), 0.0, 1.0).transpose(1, 2, 0)
    picture = np.round(255 * shaped).astype(np.uint8)
    rows, columns = picture.shape[:2]
    coloured = np.ascontiguousarray(np.broadcast_to(picture, (rows, columns, 3)))
    if max(rows, columns) >= _SIDE:
        return coloured
    scale = _SIDE / max(rows, columns)
    size = (round(columns * scale), round(rows * scale))
    return np.asarray(Image.fromarray(coloured).resize(size, Image.Resampling.NEAREST))
