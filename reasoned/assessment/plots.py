"""How every plot of the report is drawn: the same figures give the same bytes."""

import re
from io import StringIO
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK: Final = "#1f2430"
SOFT: Final = "#8a94a3"
RED: Final = "#cc3311"
# Paul Tol's bright scheme: told apart by readers with any common colour blindness.
COLOURS: Final = ("#4477aa", "#ee6677", "#228833", "#aa3377", "#ccbb44", "#66ccee", "#777777")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "reasoned",  # else the ids in the drawing are drawn at random
    "svg.fonttype": "none",
    "font.size": 9,
    "font.family": "DejaVu Sans",
    "axes.edgecolor": INK,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.6,
}
_NOTHING: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}
_ID: Final = re.compile(r'(\bid="|href="#|url\(#)')


def drawn(figure: Figure, name: str) -> str:
    """Write a figure as SVG whose ids begin with `name`, so that a page can hold many.

    Parameters
    ----------
    figure
        Made under `STYLE`.
    name
        Letters, digits and hyphens, that no other plot of the page has.

    """
    written = StringIO()
    with mpl.rc_context(STYLE):
        figure.savefig(written, format="svg", metadata=_NOTHING)
    whole = written.getvalue()
    return named(whole[whole.index("<svg") :], name)


def named(svg: str, name: str) -> str:
    """Let every id of a drawing begin with `name`, so that none comes twice in a page."""
    return _ID.sub(rf"\g<1>{name}-", svg)


def tidy(axes: Axes) -> None:
    """Leave out the lines of a frame that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e4e8ee", linewidth=0.7)


def whole_range(values: list[float], least: float = 0.02) -> tuple[float, float]:
    """Give limits around shares, with some air, at least `least` wide, never beyond 0 and 1."""
    low, high = min(values), max(values)
    air = max(0.06 * (high - low), least / 2)
    return max(-0.01, low - air), min(1.01, high + air)
