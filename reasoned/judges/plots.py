"""Scores and curves of judged pictures as SVG; the same figures give the same bytes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import StringIO
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reasoned.judges.figures import Curve, JudgeFigures, Score
from reasoned.judges.pictures import Kind
from reasoned.judges.settings import Metric

# Told apart by colour-blind readers, and by the mark where there is no colour.
_COLOURS: Final[dict[Kind, str]] = {"ours": "#0072b2", "peer": "#d55e00", "control": "#777777"}
_MARKS: Final[dict[Kind, str]] = {"ours": "o", "peer": "s", "control": "x"}
_STYLES: Final = ("-", "--", ":", "-.")
_ACROSS: Final = 4
_AREAS: Final = ("deletion", "insertion")


def score_plots(figures: JudgeFigures) -> str:
    """Draw every method's mean score with its interval, one panel per metric.

    Parameters
    ----------
    figures
        With at least one score.

    """
    metrics = list(dict.fromkeys(score.metric for score in figures.scores))
    names = [method.name for method in figures.methods]
    down = -(-len(metrics) // _ACROSS)
    with _settled():
        figure = Figure(
            figsize=(10.5, 0.9 + down * (0.55 + 0.22 * len(names))), layout="constrained"
        )
        grid = figure.subplots(down, _ACROSS, squeeze=False, sharey=True)
        for place, axes in enumerate(grid.ravel()):
            if place >= len(metrics):
                axes.set_axis_off()
                continue
            own = [score for score in figures.scores if score.metric == metrics[place]]
            _dots(axes, own, names)
        return _written(figure)


def _dots(axes: Axes, scores: Sequence[Score], names: Sequence[str]) -> None:
    for score in scores:
        axes.errorbar(
            [score.mean],
            [names.index(score.method)],
            xerr=[[score.mean - score.low], [score.high - score.mean]],
            fmt=_MARKS[score.kind],
            color=_COLOURS[score.kind],
            capsize=2,
            markersize=4,
        )
    first = scores[0]
    axes.set_title(f"{first.metric.replace('_', ' ')}\n({first.direction} is better)", fontsize=8)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="x", color="#e0e0e0")
    axes.set_axisbelow(True)  # the axes' own lines stay behind the dots
    axes.spines[["top", "right"]].set_visible(False)


def curve_plots(figures: JudgeFigures) -> str:
    """Draw the class's probability while pixels are taken out of an image, and put in.

    Parameters
    ----------
    figures
        With at least one curve.

    """
    kinds: dict[str, Kind] = {method.name: method.kind for method in figures.methods}
    metrics: list[Metric] = [
        metric for metric in _AREAS if any(curve.metric == metric for curve in figures.curves)
    ]
    with _settled():
        figure = Figure(figsize=(4.6 * len(metrics) + 1.8, 3.2), layout="constrained")
        grid = figure.subplots(1, len(metrics), squeeze=False, sharey=True)
        for axes, metric in zip(grid.ravel(), metrics, strict=True):
            own = [curve for curve in figures.curves if curve.metric == metric]
            _lines(axes, own, kinds)
            verb = "taken out" if metric == "deletion" else "put in"
            axes.set(title=metric, xlabel=f"share of pixels {verb}, the most important first")
        grid[0, 0].set_ylabel("probability of the class")
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right center", frameon=False)
        return _written(figure)


def _lines(axes: Axes, curves: Sequence[Curve], kinds: dict[str, Kind]) -> None:
    drawn: dict[Kind, int] = {}
    for curve in curves:
        kind = kinds[curve.method]
        style = _STYLES[drawn.get(kind, 0) % len(_STYLES)]
        drawn[kind] = drawn.get(kind, 0) + 1
        axes.plot(
            curve.shares,
            curve.chances,
            color=_COLOURS[kind],
            linestyle=style,
            linewidth=1.5,
            label=curve.method.replace("_", " "),
        )
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.02)
    axes.spines[["top", "right"]].set_visible(False)


def _settled() -> AbstractContextManager[None]:
    # Else the ids in the drawing are drawn at random.
    return mpl.rc_context({"svg.hashsalt": "reasoned", "svg.fonttype": "none", "font.size": 9})


def _written(figure: Figure) -> str:
    drawn = StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    whole = drawn.getvalue()
    return whole[whole.index("<svg") :]
