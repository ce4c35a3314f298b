"""What more boundaries change, as one SVG."""

from collections.abc import Sequence
from io import StringIO

import matplotlib as mpl
from matplotlib.figure import Figure

from reasoned.evaluation.figures import CurvePoint, Spread

_PANELS = {
    "tau": ("tau", 1.0),
    "coverage": ("coverage of unseen images, %", 100.0),
    "precision": ("precision on unseen images, %", 100.0),
    "facets": ("facets", 1.0),
}
_COLOUR = "#4477aa"


def curve_plots(curves: Sequence[CurvePoint]) -> str:
    """Draw tau, coverage, precision and facets over |Q|, with their standard errors.

    The same figures give the same bytes.
    """
    # Else the ids in the drawing are drawn at random.
    with mpl.rc_context({"svg.hashsalt": "reasoned", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(10, 2.6), layout="constrained")
        for axes, (field, (title, scale)) in zip(
            figure.subplots(1, len(_PANELS)), _PANELS.items(), strict=True
        ):
            spreads = [getattr(point, field) for point in curves]
            axes.errorbar(
                [point.boundaries for point in curves],
                [_scaled(spread.mean, scale) for spread in spreads],
                [_error(spread, scale) for spread in spreads],
                color=_COLOUR,
                marker="o",
                capsize=3,
            )
            axes.set_xscale("log")
            sizes = [point.boundaries for point in curves]
            axes.set_xticks(sizes, [str(size) for size in sizes])
            axes.minorticks_off()
            axes.set(title=title, xlabel="|Q|")
            axes.spines[["top", "right"]].set_visible(False)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    whole = drawn.getvalue()
    return whole[whole.index("<svg") :]


def _scaled(value: float | None, scale: float) -> float:
    return float("nan") if value is None else scale * value


def _error(spread: Spread, scale: float) -> float:
    return scale * (spread.standard_error or 0.0)
