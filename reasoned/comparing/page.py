"""A comparison as one page that holds everything it shows."""

import html
from collections.abc import Sequence
from typing import Final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.comparing.difference_plot import difference_plot
from reasoned.comparing.figures import ComparisonFigures, MovedImage, Told
from reasoned.comparing.named_matrix import named_matrix
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.page_parts import STYLE, png_url, table

_MORE: Final = """
.verdict{font-size:18px;font-weight:700;padding:12px 16px;border-radius:6px;color:#ffffff}
.verdict.passed{background:#1b6e3c}.verdict.held{background:#a3161f}
.moved{display:flex;gap:16px;border-top:1px solid #d8dde5;padding:14px 0}
.moved img{width:112px;height:auto;image-rendering:pixelated;align-self:flex-start}
.moved h3{margin:0 0 6px}.moved p{margin:4px 0}.side{font-weight:700}
.said{color:#475467;font-size:14px}
.matrix td{text-align:center;min-width:34px}.matrix th.down{writing-mode:vertical-rl;
transform:rotate(180deg);text-align:left;padding:10px 5px;font-weight:400}
.plot{overflow-x:auto}.plot svg{min-width:760px}
@media(max-width:560px){body{padding:14px}.moved{flex-direction:column}}
"""
_OPENING: Final = (
    "<p>Two models answer the same images, which neither has seen when it was fitted. A is the "
    "one in use, B the one that may follow it. A new model can be as accurate as the old one and "
    "still give its reasons differently: by other rules, other training images, or for another "
    "class than it predicts. This page shows what moved; a gate says whether it moved too "
    "far.</p>"
)
_DRAWN: Final = (
    "<h2>Differences, drawn</h2><p>B minus A in points of percent, with 95 % intervals of paired "
    "images. Red ones exclude 0: they are more than chance.</p>"
)
_MATRIX: Final = (
    "<p>The same as a matrix: what the first choice named in A (rows) and names in B (columns), "
    "the more images the darker.</p>"
)
_WORST: Final = (
    "<h2>Images whose explanation moved most</h2><p>First those of the same network's class whose "
    "explanation names another class than before, then those with another status or carrier, "
    "last those of another network's class; of each kind the ones of which both models were "
    "surest.</p>"
)


def comparison_page(
    figures: ComparisonFigures,
    sections: Sequence[Section],
    sentences: Sequence[str],
    pictures: Sequence[ByteArray],
) -> str:
    """Write the page.

    Parameters
    ----------
    figures
        What was found.
    sections
        The same as tables.
    sentences
        What they say, the gate's verdict first.
    pictures
        One for each of the moved images, each of shape (rows, columns, channels).

    """
    title = f"{figures.before.name} and {figures.after.name}, compared"
    verdict, *said = sentences
    gate, *others = sections
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>{html.escape(title)}</title>",
        f"<style>{STYLE}{_MORE}</style></head><body>",
        "<h1>What moved in the explanations?</h1>",
        *_models(figures),
        f"<p class='verdict {'held' if figures.crossed else 'passed'}'>{html.escape(verdict)}</p>",
        _OPENING,
        *(f"<p class='note'>{html.escape(sentence)}</p>" for sentence in said),
        *table(gate),
        f"{_DRAWN}<div class='plot'>{difference_plot(figures.differences)}</div>",
        *(part for section in others for part in table(section)),
        *([_MATRIX, named_matrix(figures.named)] if figures.named else []),
        *_worst(figures.worst, pictures),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _models(figures: ComparisonFigures) -> list[str]:
    lines = [
        f"{letter}: {one.name} {one.version} ({one.folder}; {', '.join(one.methods)}; manifest "
        f"{one.sha256[:12]})"
        for letter, one in (("A", figures.before), ("B", figures.after))
    ]
    lines.append(f"{figures.images:,} test images of {figures.data}; seed {figures.seed}.")
    return [f"<p>{'<br>'.join(html.escape(line) for line in lines)}</p>"]


def _worst(worst: Sequence[MovedImage], pictures: Sequence[ByteArray]) -> list[str]:
    if not worst:
        return []
    parts = [_WORST]
    for one, picture in zip(worst, pictures, strict=True):
        url = png_url(_coloured(picture))
        parts += [
            f"<div class='moved'><img src='{url}' alt='{html.escape(one.id)}'><div>",
            f"<h3>{html.escape(f'{one.id}, labelled {one.label}')}</h3>",
            *_told("A", one.before),
            *_told("B", one.after),
            "</div></div>",
        ]
    return parts


def _told(letter: str, one: Told) -> list[str]:
    estimate = "no estimate" if one.estimate is None else f"estimate {one.estimate:.3f}"
    says = (
        f"network {one.predicted}; {one.first} names {one.names or 'no class'}; {one.status}, "
        f"{estimate}; carried by {one.carrier or 'none'}"
    )
    return [
        f"<p><span class='side'>{letter}</span> {html.escape(says)}</p>",
        f"<p class='said'>{html.escape(one.sentence)}</p>",
    ]


def _coloured(picture: ByteArray) -> ByteArray:
    """Give a grey picture three channels."""
    shape = (*picture.shape[:2], 3)
    return np.ascontiguousarray(np.broadcast_to(picture, shape))
