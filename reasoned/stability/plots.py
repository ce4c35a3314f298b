"""Stability as SVG: changes under noise, and agreement between seeds."""

from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reasoned.stability.figures import NoiseFigures, Range, SeedFigures

_STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "reasoned",
    "svg.fonttype": "none",
    "font.size": 9,
}
_COLOURS: Final = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
_NOISE: Final = (
    ("names_changed", "names another class, % of draws", 100.0),
    ("region_changed", "another region, % of draws", 100.0),
    ("lipschitz", "sensitivity", 1.0),
)
_SEEDS: Final = (
    ("fidelity", "fidelity"),
    ("same_class", "same class"),
    ("rand_index", "regions, Rand index"),
    ("jaccard", "regions, overlap"),
    ("coverage", "coverage"),
)


def noise_plot(figures: NoiseFigures) -> str:
    """Draw how often names and regions change, and how fast explanations do, over the noise.

    The same figures give the same bytes.
    """
    # Else the ids in the drawing are drawn at random.
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(10, 3.0), layout="constrained")
        sigmas = [level.sigma for level in figures.levels]
        for axes, (field, title, scale) in zip(
            figure.subplots(1, len(_NOISE)), _NOISE, strict=True
        ):
            for place, method in enumerate(figures.levels[0].methods):
                found = [getattr(level.methods[place], field) for level in figures.levels]
                values = [float("nan") if v is None else scale * v for v in found]
                colour = _COLOURS[place % len(_COLOURS)]
                axes.plot(sigmas, values, color=colour, marker="o", label=method.method)
            axes.set(title=title, xlabel="noise, grey levels of 255")
            axes.set_ylim(bottom=0.0)
            axes.spines[["top", "right"]].set_visible(False)
        # Methods without regions have no line in the middle, but are named all the same.
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=6)
        return _svg(figure)


def seed_plot(figures: SeedFigures) -> str:
    """Draw agreement between fits as dots for the mean, with lines from least to most.

    The same figures give the same bytes.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(10, 0.7 + 0.4 * len(figures.methods)), layout="constrained")
        panels = figure.subplots(1, len(_SEEDS), sharey=True, squeeze=False)[0]
        names = [one.method for one in figures.methods]
        for axes, (field, title) in zip(panels, _SEEDS, strict=True):
            _dots(axes, [getattr(one, field) for one in figures.methods])
            axes.set(title=title, xlim=(-0.03, 1.03), ylim=(len(names) - 0.5, -0.5))
            axes.set_yticks(range(len(names)), names)
            axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure)


def _dots(axes: Axes, ranges: Sequence[Range | None]) -> None:
    for place, one in enumerate(ranges):
        if one is None:
            continue
        axes.hlines(place, one.least, one.most, color=_COLOURS[0], linewidth=2.0)
        axes.plot([one.mean], [place], color=_COLOURS[0], marker="o")


def _svg(figure: Figure) -> str:
    drawn = StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    whole = drawn.getvalue()
    return whole[whole.index("<svg") :]
