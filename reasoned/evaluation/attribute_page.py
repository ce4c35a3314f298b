"""The evaluation of attribute functions as one page that holds everything it shows."""

import html
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray
from explainers.svg import INK, LINE, MUTED, box, label, stroke
from reasoned.evaluation.attribute_examples import Example
from reasoned.evaluation.attribute_figures import AttributeFigures
from reasoned.evaluation.attribute_plots import conciseness_plot, relevance_map
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.page_parts import STYLE, png_url, table
from reasoned.evaluation.tables import percent

_MORE: Final = """
.example{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-end;margin:18px 0;
padding-bottom:12px;border-bottom:1px solid #d8dde5}
.example figure{width:112px}.said{flex:0 0 210px;width:210px;font-size:12px}
.example svg{width:150px}
.example text{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
.apart{color:#b3261e;font-weight:700}
.strip{display:flex;flex-wrap:wrap;gap:6px}.strip figure{width:72px}
.strip img{width:72px;margin-bottom:4px}
td.number{text-align:right}
"""
_SINGLE: Final = (
    "<h2>Single images, explained</h2><p>First the image; then up to three attributes that speak "
    "most for g's class, as bars (1 is the largest contribution of either sign; dashed: "
    "{threshold:.2g}, the threshold (1/tau)); then, for each of these attributes, the image "
    "changed so that the attribute answers more. The changed pictures are the outcome of a "
    "search: they hint at what an attribute looks for, and are often hard to read.{apart}</p>"
)
_WHICH: Final = (
    "<h2>Which attributes speak for which class</h2><p>Mean relevance over the unseen images "
    "where f and g agree: white is 1, black is 0 or below. One bright field in a column and in "
    "its row means that the attribute is that class under another name; several in a row, that "
    "the attribute is shared.</p>"
)
_WIDE, _HIGH, _FOOT, _HEAD = 150.0, 112.0, 22.0, 14.0
_RAISES, SIDE = "#228833", 112


def attribute_page(
    figures: AttributeFigures,
    sections: Sequence[Section],
    sentences: Sequence[str],
    examples: Sequence[Example],
    rebuilt: Sequence[tuple[ByteArray, ByteArray]],
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
    examples
        Explained images.
    rebuilt
        Images and what the decoder makes of their attributes.

    """
    agreement, paper, conciseness, classes, *others = sections
    served, inputs, *rest = others
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>Evaluation of {html.escape(figures.model)}</title>",
        f"<style>{STYLE}{_MORE}</style></head><body>",
        *_opening(figures, sentences),
        *table(agreement),
        *_examples(figures, examples),
        *table(paper),
        *table(conciseness),
        conciseness_plot(figures),
        *_relevances(figures),
        *table(classes),
        *table(served),
        *table(inputs),
        *_strip(rebuilt),
        *(part for section in rest for part in table(section)),
        *_words(),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _opening(figures: AttributeFigures, sentences: Sequence[str]) -> list[str]:
    how = "together with the network" if figures.by_design else "afterwards, the network fixed"
    layers = " and ".join(html.escape(layer) for layer in figures.layers)
    return [
        f"<h1>Do the attributes of {html.escape(figures.model)} explain its network?</h1>",
        (
            "<p>Beside the network, called f, stands a small second model, called g, the "
            f"interpreter. It reads inner layers of the network ({layers}), turns them into "
            f"{figures.attributes} numbers, the attributes, and adds these up with one weight per "
            "class. What an attribute adds to the class is what explains it. g was trained "
            f"{how}. An attribute has no name: it is shown by pictures of what it answers to.</p>"
        ),
        *(f"<p class='note'>{html.escape(sentence)}</p>" for sentence in sentences),
    ]


def _examples(figures: AttributeFigures, examples: Sequence[Example]) -> list[str]:
    made = figures.maximisation
    apart = sum(one.f != one.g for one in examples)
    said = (
        f" Where g names another class than f, the image was picked on purpose: {apart} of "
        f"{len(examples)} here, but {percent(1 - figures.fidelity)} % of all unseen images."
    )
    parts = [_SINGLE.format(threshold=1 / figures.tau, apart=said if apart else "")]
    if made.reason:
        parts.append(f"<p>No changed pictures: {html.escape(made.reason)}.</p>")
    names = [one.name for one in figures.classes]
    return [*parts, *(_example(one, names, figures.tau) for one in examples)]


def _example(example: Example, names: Sequence[str], tau: float) -> str:
    f, g, label_ = (html.escape(names[i]) for i in (example.f, example.g, example.label))
    said = f"f and g: {g}" if f == g else f"<span class=apart>f: {f}, but g: {g}</span>"
    many = f"{example.above} above 1/{tau:g}"
    figures = [
        _figure(one.picture, f"attribute {one.attribute}")
        for one in example.attributes
        if one.picture is not None
    ]
    return (
        f"<div class=example>{_figure(example.image, f'truly {label_}')}"
        f"<div class=said>{_bars(example, tau)}<div>{said}; {many}</div></div>"
        f"{''.join(figures)}</div>"
    )


def _figure(picture: ByteArray, words: str) -> str:
    url = png_url(_enlarged(picture))
    return f"<figure><img src='{url}' alt=''><figcaption>{words}</figcaption></figure>"


def _enlarged(picture: ByteArray) -> ByteArray:
    """Give a picture in colour; a small one enlarged so that its pixels stay squares."""
    rows, columns = picture.shape[:2]
    longer = max(rows, columns)
    coloured = np.ascontiguousarray(np.broadcast_to(picture, (rows, columns, 3)))
    if longer >= SIDE:
        return coloured
    size = (max(1, round(columns * SIDE / longer)), max(1, round(rows * SIDE / longer)))
    return np.asarray(Image.fromarray(coloured).resize(size, Image.Resampling.NEAREST))


def _bars(example: Example, tau: float) -> str:
    """Draw the relevances of an example as upright bars, as the paper does."""
    scale = _HIGH - _FOOT - _HEAD
    zero = _HEAD + scale
    # Words last: they stay readable over the lines.
    bars, words = [], []
    for place, one in enumerate(example.attributes):
        left, tall = 14.0 + 46.0 * place, max(one.relevance * scale, 1.0)
        top = zero - tall
        bars.append(box((left, top), (30.0, tall), fill=_RAISES, stroke="none", corner=2))
        words += [
            label((left + 15, top - 3), f"{one.relevance:.2f}", size=10, anchor="middle"),
            label((left + 15, _HIGH - 6), str(one.attribute), size=11, anchor="middle"),
        ]
    lines = [
        stroke(f"M8 {zero:.1f}H{_WIDE:g}", colour=MUTED),
        stroke(f"M8 {zero - scale / tau:.1f}H{_WIDE:g}", colour=INK, dashes="3 3"),
        stroke(f"M8 {_HEAD:g}V{zero:.1f}", colour=LINE),
    ]
    said = ", ".join(f"attribute {one.attribute} {one.relevance:.2f}" for one in example.attributes)
    return (
        f"<svg viewBox='0 0 {_WIDE:g} {_HIGH:g}' role=img><title>Relevances: {said}</title>"
        f"{''.join([*bars, *lines, *words])}</svg>"
    )


def _relevances(figures: AttributeFigures) -> list[str]:
    return [_WHICH, relevance_map(figures)]


def _strip(rebuilt: Sequence[tuple[ByteArray, ByteArray]]) -> list[str]:
    if not rebuilt:
        return ["<p>No decoder is stored with this model.</p>"]
    shown = [
        f"<figure><img src='{png_url(_enlarged(image))}' alt=''>"
        f"<img src='{png_url(_enlarged(made))}' alt=''></figure>"
        for image, made in rebuilt
    ]
    return [
        (
            f"<p>Images, and below what is rebuilt from their attributes:</p>"
            f"<div class=strip>{''.join(shown)}</div>"
        )
    ]


def _words() -> list[str]:
    return table(
        Section(
            "What the words mean",
            "One line each.",
            (
                ("word", "meaning"),
                ("attribute", "one of the numbers that g reads from inner layers of f"),
                ("contribution", "an attribute times its weight for g's class"),
                ("relevance", "a contribution as a share of the largest one of either sign"),
                ("fidelity", "share of images for which f and g name the same class"),
                ("tau", "attributes with a relevance above 1/tau are the explanation"),
                ("CNS(tau)", "how many attributes that are, on the mean: conciseness"),
                (
                    "dead attribute",
                    "one hardly ever active: its mean over these images is below 0.001",
                ),
                ("LIME", "a linear model fitted to one image at a time, by removing cells"),
                ("SENN, VIBI", "two other interpretable methods in the paper's tables"),
            ),
        )
    )
