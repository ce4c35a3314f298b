"""Conciseness over tau, and the relevance of attributes for classes, as SVG."""

from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from reasoned.evaluation.attribute_figures import AttributeFigures

_COLOURS: Final = ("#4477aa", "#ee6677")
_STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "reasoned",
    "svg.fonttype": "none",
    "font.size": 9,
}


def conciseness_plot(figures: AttributeFigures) -> str:
    """Draw CNS over tau, of signed and of absolute relevances; the same figures, the same bytes."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.2, 2.8), layout="constrained")
        axes = figure.subplots()
        curves = (("signed", figures.cns), ("absolute", figures.cns_absolute))
        for (name, curve), colour in zip(curves, _COLOURS, strict=True):
            taus = [float(tau) for tau in curve]
            axes.plot(taus, list(curve.values()), color=colour, marker="o", label=name)
        axes.set(xlabel="tau", ylabel="attributes with relevance > 1/tau")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        return _drawn(figure)


def relevance_map(figures: AttributeFigures) -> str:
    """Draw the relevance table, attributes as rows and classes as columns, as in the paper."""
    table = np.array(figures.table).T
    names = [one.name for one in figures.classes]
    with mpl.rc_context(_STYLE):
        size = (max(4.0, 1.6 + 0.55 * len(names)), max(2.5, 1.4 + 0.22 * len(table)))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        # Negative relevances are as black as none; the paper draws them so.
        drawn = axes.imshow(np.clip(table, 0, 1), cmap="hot", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
        axes.set_yticks(range(len(table)), [_attribute(j, figures.dead) for j in range(len(table))])
        axes.tick_params(length=0)
        figure.colorbar(drawn, label="mean relevance", shrink=0.6)
        return _drawn(figure)


def _attribute(number: int, dead: Sequence[int]) -> str:
    return f"{number} (dead)" if number in dead else str(number)


def _drawn(figure: Figure) -> str:
    drawn = StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    whole = drawn.getvalue()
    return whole[whole.index("<svg") :]
