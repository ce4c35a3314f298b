"""What an explanation costs, as bars."""

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from reasoned.assessment.figures import CostFigures
from reasoned.assessment.plots import COLOURS, INK, STYLE, drawn, tidy


def cost_bars(costs: Sequence[CostFigures]) -> str:
    """Draw milliseconds per explanation on a logarithmic scale, ours plain, peers hatched."""
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(7.2, 0.8 + 0.3 * len(costs)), layout="constrained")
        axes = drawing.subplots()
        rows = range(len(costs))
        bars = axes.barh(rows, [one.milliseconds for one in costs], edgecolor=INK, linewidth=0.5)
        for bar, one in zip(bars, costs, strict=True):
            ours = one.kind == "ours"
            bar.set_facecolor(COLOURS[0] if ours else "#dddddd")
            bar.set_hatch("" if ours else "///")
            axes.text(
                1.06 * one.milliseconds,
                bar.get_y() + bar.get_height() / 2,
                f"{one.milliseconds:.3g} ms",
                va="center",
                fontsize=8,
            )
        axes.set_yticks(rows, [one.name for one in costs])
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.set_xlim(right=3 * max(one.milliseconds for one in costs))
        axes.set_xlabel("milliseconds for one explanation; each line is ten times the one before")
        tidy(axes)
        axes.grid(visible=False, axis="y")
    return drawn(drawing, "cost")
