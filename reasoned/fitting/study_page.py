"""A CNN-INTE study as one page that holds everything it shows."""

import dataclasses
import html
from collections.abc import Sequence
from typing import final

from reasoned.fitting import study_words as words
from reasoned.fitting.study_figures import RateFigure, RouteFigure, StudyFigures

_STYLE = """
body{font:16px/1.55 'DejaVu Sans',Verdana,Arial,sans-serif;color:#1f2430;margin:0 auto;
max-width:1080px;padding:24px}
h1{font-size:27px;line-height:1.25}h2{font-size:20px;margin-top:44px}
table{border-collapse:collapse;font-size:14px;margin:12px 0}
th,td{border-bottom:1px solid #d8dde5;padding:5px 10px;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;border:1px solid #d8dde5;border-radius:6px;margin:12px 0}
.wide>table{margin:0}.note{background:#f4f6f9;border-left:4px solid #4477aa;padding:10px 16px}
.hit{background:#e6f0e6}.miss{background:#fde8e8}
.clusters{display:flex;flex-wrap:wrap;gap:10px}figure{margin:0;width:104px;font-size:11px}
figure img{width:64px;height:64px;image-rendering:pixelated;border:1px solid #d8dde5}
"""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Portrait:
    """One cluster in the atlas: its picture and its words."""

    image: str
    words: str


@final
@dataclasses.dataclass(frozen=True, slots=True)
class StudyPictures:
    """The pictures of a study.

    Attributes
    ----------
    tree
        The displayed tree, SVG.
    cards
        One SVG for each of a few test images.
    atlas
        For each factor its heading and its clusters' portraits.
    atlas_png
        The mean images alone, as one file.

    """

    tree: str
    cards: tuple[str, ...]
    atlas: tuple[tuple[str, tuple[Portrait, ...]], ...]
    atlas_png: bytes


def study_page(figures: StudyFigures, pictures: StudyPictures) -> str:
    """Write the page."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>A reconstruction of CNN-INTE</title><style>{_STYLE}</style></head><body>",
        *_opening(figures),
        *_faithfulness(figures),
        *_confusions(figures),
        *_cards(pictures),
        *_tree(figures, pictures),
        *_atlas(figures, pictures),
        *_workings(figures),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _opening(figures: StudyFigures) -> list[str]:
    return [
        "<h1>How far can a short list of yes-or-no questions stand in for this network?</h1>",
        f"<p class='note'>{html.escape(figures.note)}</p>",
        words.opening(figures),
        f"<p class='note'>{html.escape(figures.claim.words)}</p>",
    ]


def _faithfulness(figures: StudyFigures) -> list[str]:
    network, forest, controls = figures.network_route, figures.forest_route, figures.controls
    rows = [
        ("The network is right", figures.network_accuracy),
        ("Network route: names the network's class (fidelity)", network.fidelity),
        ("Forest route: names the network's class", forest.fidelity),
        ("Network route, displayed (pruned) tree", network.displayed_fidelity),
        ("Forest route, displayed (pruned) tree", forest.displayed_fidelity),
        ("Network route, where the network is wrong", network.fidelity_on_errors),
        ("Forest route, where the network is wrong", forest.fidelity_on_errors),
        ("Network route: names the true class", network.accuracy),
        ("Forest route: names the true class", forest.accuracy),
        ("Control: network route on an untrained network", controls.untrained_network_route),
        ("Control: forest route on an untrained network", controls.untrained_forest_route),
        ("Control: one tree straight from the pixels", controls.pixel_tree),
        ("Control: one forest straight from the pixels", controls.pixel_forest),
        ("Control: tree taught shuffled classes", controls.shuffled),
    ]
    head = "<tr><th>On the test images</th><th class='n'>share</th><th>95 % interval</th>"
    return [
        "<h2>How faithful it is</h2>",
        f"<table>{head}<th class='n'>count</th></tr>",
        *(_rate_row(name, rate) for name, rate in rows),
        "</table>",
        words.controls(controls.majority),
    ]


def _rate_row(name: str, rate: RateFigure) -> str:
    share = "none to count" if rate.share is None else f"{rate.share:.4f}"
    return (
        f"<tr><td>{html.escape(name)}</td><td class='n'>{share}</td>"
        f"<td>{rate.lower:.4f} to {rate.upper:.4f}</td>"
        f"<td class='n'>{rate.count:,} of {rate.of:,}</td></tr>"
    )


def _confusions(figures: StudyFigures) -> list[str]:
    return [
        "<h2>Which classes it confuses</h2>",
        "<p>Rows: the network's class. Columns: the tree's.</p>",
        "<h3>Network route</h3>",
        _confusion(figures.network_route, figures.classes),
        "<h3>Forest route</h3>",
        _confusion(figures.forest_route, figures.classes),
    ]


def _confusion(route: RouteFigure, classes: Sequence[str]) -> str:
    names = [html.escape(name) for name in classes]
    head = "".join(f"<th class='n'>{name}</th>" for name in names)
    rows = []
    for row, counts in enumerate(route.confusion):
        cells = (
            f"<td class='n{_cell(row, column, count)}'>{count or ''}</td>"
            for column, count in enumerate(counts)
        )
        rows.append(f"<tr><th>{names[row]}</th>{''.join(cells)}</tr>")
    return f"<div class='wide'><table><tr><th></th>{head}</tr>{''.join(rows)}</table></div>"


def _cell(row: int, column: int, count: int) -> str:
    if row == column:
        return " hit"
    return " miss" if count else ""


def _cards(pictures: StudyPictures) -> list[str]:
    return [
        "<h2>Three images, explained</h2>",
        words.CARDS,
        *(f"<div class='wide'>{card}</div>" for card in pictures.cards),
    ]


def _tree(figures: StudyFigures, pictures: StudyPictures) -> list[str]:
    rows = (
        f"<tr><td>{html.escape(' and '.join(rule.conditions) or 'always')}</td>"
        f"<td>{html.escape(rule.names)}</td><td class='n'>{rule.support:,}</td>"
        f"<td class='n'>{rule.purity:.3f}</td>"
        f"<td class='n'>{rule.agreed.count:,} of {rule.agreed.of:,}</td></tr>"
        for rule in figures.rules
    )
    return [
        "<h2>The whole tree</h2>",
        words.tree_sizes(figures),
        f"<div class='wide'>{pictures.tree}</div>",
        "<h3>The same as rules</h3>",
        f"<div class='wide'><table>{words.RULES_HEAD}",
        *rows,
        "</table></div>",
    ]


def _atlas(figures: StudyFigures, pictures: StudyPictures) -> list[str]:
    parts = [
        "<h2>What the clusters are</h2>",
        "<p>Mean training image of every cluster. Cluster numbers are names without an order.</p>",
    ]
    for factor, (heading, portraits) in zip(figures.factors, pictures.atlas, strict=True):
        title = (
            f"{heading}. Its forest names the right cluster for {factor.id_accuracy:.3f} of the "
            f"test images ({factor.id_accuracy_out_of_bag:.3f} out of bag)."
        )
        parts += [f"<h3>{html.escape(title)}</h3>", "<div class='clusters'>"]
        parts += [
            f"<figure><img src='{portrait.image}' alt=''>"
            f"<figcaption>{html.escape(portrait.words)}</figcaption></figure>"
            for portrait in portraits
        ]
        parts.append("</div>")
    return parts


def _workings(figures: StudyFigures) -> list[str]:
    rows = (
        f"<tr><td class='n'>{trial.level_one}</td><td class='n'>{trial.level_two}</td>"
        f"<td class='n'>{trial.fidelity.share or 0:.4f}</td><td class='n'>{trial.leaves}</td></tr>"
        for trial in figures.trials
    )
    return [
        "<h2>How the sizes were chosen, and how stable it is</h2>",
        words.CHOICE,
        (
            "<table><tr><th class='n'>level one</th><th class='n'>level two</th>"
            "<th class='n'>fidelity</th><th class='n'>leaves</th></tr>"
        ),
        *rows,
        "</table>",
        words.stability(figures),
    ]
