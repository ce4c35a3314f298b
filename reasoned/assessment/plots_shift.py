"""Status and fidelity over the severity of one kind of change, as a plot."""

from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from reasoned.assessment.figures import ShiftFigures
from reasoned.assessment.plots import INK, STYLE, drawn
from reasoned.assessment.shifted import LEAST_SUPPORTED_FIDELITY

WANTED: Final = LEAST_SUPPORTED_FIDELITY
_STACKED: Final = (
    ("supported", "#4477aa", ""),
    ("weak", "#ddcc77", "////"),
    ("out_of_support", "#ee99aa", "\\\\\\\\"),
)


def shift_plot(points: Sequence[ShiftFigures], name: str) -> str:
    """Draw the shares of the statuses as stacked bars, fidelity among `supported` as a line.

    Parameters
    ----------
    points
        Of one kind, by severity.
    name
        As in `reasoned.assessment.plots.drawn`.

    """
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(3.1, 2.4), layout="constrained")
        axes = drawing.subplots()
        severities = [one.severity for one in points]
        base = [0.0] * len(points)
        for field, colour, hatch in _STACKED:
            shares = [float(getattr(one, field)) for one in points]
            axes.bar(
                severities,
                shares,
                0.9,
                base,
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.4,
            )
            base = [low + share for low, share in zip(base, shares, strict=True)]
        found = [one.supported_fidelity for one in points]
        line = [float("nan") if value is None else value for value in found]
        axes.axhline(WANTED, color=INK, linestyle=":", linewidth=1.2)
        axes.plot(severities, line, "-o", color=INK, markersize=5, markerfacecolor="white")
        axes.set(xlabel="severity", ylim=(0, 1.04), xticks=severities)
        axes.yaxis.set_major_formatter("{x:.0%}")
        axes.spines[["top", "right"]].set_visible(False)
    return drawn(drawing, name)
