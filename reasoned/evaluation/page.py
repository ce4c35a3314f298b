"""An evaluation as one page that holds everything it shows."""

import html
from collections.abc import Sequence

from reasoned.evaluation.curve_plots import curve_plots
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.figures import RepresentativeFigures
from reasoned.evaluation.page_pictures import ShownRow
from reasoned.evaluation.paper_table import PAPER
from reasoned.evaluation.verdict import verdict

_STYLE = """
body{font:16px/1.55 'DejaVu Sans',Verdana,Arial,sans-serif;color:#1f2430;margin:0 auto;
max-width:1080px;padding:24px}
h1{font-size:27px;line-height:1.25}h2{font-size:20px;margin-top:44px}h3{font-size:16px}
table{border-collapse:collapse;font-size:14px}
th,td{border-bottom:1px solid #d8dde5;padding:5px 10px;text-align:right;vertical-align:top;
font-variant-numeric:tabular-nums}
th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
td.number{white-space:nowrap}
.wide{overflow-x:auto;width:fit-content;max-width:100%;
border:1px solid #d8dde5;border-radius:6px;margin:12px 0}
.note{background:#f4f6f9;border-left:4px solid #4477aa;padding:10px 16px}
.row{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:112px;font-size:12px}
figure img{display:block;width:112px;image-rendering:pixelated}
figure.first img{outline:3px solid #228833}svg{max-width:100%;height:auto}
"""
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
        f"<style>{_STYLE}</style></head><body>",
        *_opening(figures),
        *_table(first),
        *_table(words),
        *_table(PAPER),
        *_examples(examples),
        *(part for section in others for part in _table(section)),
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


def _table(section: Section) -> list[str]:
    head, *rows = section.rows
    return [
        f"<h2>{html.escape(section.heading)}</h2><p>{html.escape(section.note)}</p>",
        "<div class='wide'><table>",
        _cells("th", head),
        *(_cells("td", row) for row in rows),
        "</table></div>",
    ]


def _cells(kind: str, row: Sequence[str]) -> str:
    return f"<tr>{''.join(_cell(kind, text) for text in row)}</tr>"


def _cell(kind: str, text: str) -> str:
    figure = " class='number'" if kind == "td" and text.lstrip("-")[:1].isdigit() else ""
    return f"<{kind}{figure}>{html.escape(text)}</{kind}>"


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
