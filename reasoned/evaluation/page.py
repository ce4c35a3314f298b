"""An evaluation as one page that holds everything it shows."""

import html
from collections.abc import Sequence

from reasoned.evaluation.curve_plots import curve_plots
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.figures import RepresentativeFigures
from reasoned.evaluation.page_parts import STYLE, table
from reasoned.evaluation.page_pictures import ShownRow
from reasoned.evaluation.paper_table import PAPER
from reasoned.evaluation.verdict import verdict

_EXAMPLES = (
    "<h2>Images, and what was found on them</h2><p>First the explained image (framed), then the "
    "images most similar to it among the unseen ones, plain and under the map that its channel "
    "weights give there. Below: the score of its class on the whole image, and on the pixels "
    "kept.</p>"
)


def evaluation_page(
    figures: RepresentativeFigures, sections: Sequence[Section], examples: Sequence[ShownRow]
) -> str:
    """Write the page.

    Parameters
    ----------
    figures
        What was found.
    sections
        The same as tables.
    examples
        Explained images with the similar ones.

    """
    first, words, *others = sections
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>Evaluation of {html.escape(figures.model)}</title>",
        f"<style>{STYLE}</style></head><body>",
        *_opening(figures),
        *table(first),
        *table(words),
        *table(PAPER),
        *_examples(examples),
        *(part for section in others for part in table(section)),
        f"<h2>The curves, drawn</h2>{curve_plots(figures.curves)}",
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _opening(figures: RepresentativeFigures) -> list[str]:
    model = html.escape(figures.model)
    lines = [
        f"<h1>How well do representative interpretations of {model} hold on unseen images?</h1>",
        _what_is_shown(figures),
        *(f"<p class='note'>{html.escape(sentence)}</p>" for sentence in verdict(figures)),
    ]
    if figures.approximate:
        lines.append(f"<p class='note'>{html.escape(figures.approximate)}</p>")
    if figures.left_out:
        lines.append(
            f"<p>{figures.left_out} more images were drawn and left out of the comparison of "
            "maps: their polytopes hold no other test image.</p>"
        )
    return lines


def _what_is_shown(figures: RepresentativeFigures) -> str:
    size = " x ".join(map(str, figures.psi))
    return (
        "<p>A representative interpretation explains an image by a polytope of the network's "
        "own decision boundaries around it, and marks what matters by one weight per channel "
        f"of the explained map ({size}). Here the weights are used on test images that no fit "
        f"has seen: only the most important {100 * figures.settings.top:g} % of the pixels are "
        "kept, and the network is asked again.</p>"
    )


def _examples(examples: Sequence[ShownRow]) -> list[str]:
    parts = [
        _EXAMPLES,
    ]
    for row in examples:
        parts += [f"<h3>{html.escape(row.title)}</h3>", "<div class='row'>"]
        parts += [
            f"<figure{' class=first' if place == 0 else ''}><img src='{image.plain}' alt=''>"
            f"<img src='{image.overlay}' alt=''><figcaption>{image.before:.3f} &rarr; "
            f"{image.after:.3f}</figcaption></figure>"
            for place, image in enumerate(row.images)
        ]
        parts.append("</div>")
    return parts
