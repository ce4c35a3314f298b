"""Differences with their intervals, drawn as SVG."""

import math
from collections.abc import Sequence
from typing import Final

from explainers.svg import INK, LINE, MUTED, document, label, stroke
from reasoned.comparing.figures import DifferenceFigures
from reasoned.comparing.words import measure_words, points, reach

_LEFT, _WIDTH, _RIGHT, _ROW, _TOP = 330.0, 420.0, 210.0, 24.0, 34.0
_BELOW: Final = 30.0
_SHOWN: Final = "#4477aa"
_TOLD_APART: Final = "#b2182b"


def difference_plot(differences: Sequence[DifferenceFigures]) -> str:
    """Draw one row per figure: a dot for B minus A, a line for its 95 % interval."""
    widest = max((abs(end) for one in differences for end in (one.low, one.high)), default=0.0)
    reach_of = 1.05 * max(widest, 0.001)
    height = _TOP + _ROW * len(differences)
    parts = [*_axis(reach_of, height)]
    for place, one in enumerate(differences):
        parts += _row(one, _TOP + _ROW * (place + 0.5), reach_of)
    title = "Differences of B from A in points of percent, with 95 % intervals"
    return document(_LEFT + _WIDTH + _RIGHT, height + _BELOW, title, parts)


def _x(value: float, reach_of: float) -> float:
    return _LEFT + _WIDTH * (0.5 + value / reach_of / 2)


def _axis(reach_of: float, height: float) -> list[str]:
    parts = [
        label((_LEFT, 16), "lower in B", size=12, colour=MUTED),
        label((_LEFT + _WIDTH, 16), "higher in B", size=12, colour=MUTED, anchor="end"),
    ]
    step = _round_step(reach_of)
    for value in (-2 * step, -step, 0.0, step, 2 * step):
        x = _x(value, reach_of)
        dashes = "3 4" if value else ""
        parts.append(stroke(f"M{x:.1f} {_TOP:.1f}V{height:.1f}", colour=LINE, dashes=dashes))
        written = points(value)
        parts.append(label((x, height + 18), written, size=11, colour=MUTED, anchor="middle"))
    return parts


def _round_step(reach_of: float) -> float:
    """Give the largest of 1, 2 or 5 times a power of ten of which two fit."""
    power = 10.0 ** math.floor(math.log10(reach_of / 2))
    return max(times * power for times in (1, 2, 5) if 2 * times * power <= reach_of)


def _row(one: DifferenceFigures, y: float, reach_of: float) -> list[str]:
    colour = _TOLD_APART if one.low > 0 or one.high < 0 else _SHOWN
    low, high, dot = (_x(value, reach_of) for value in (one.low, one.high, one.difference))
    what = ", ".join(measure_words(one))
    written = f"{points(one.difference)} ({reach(one.low, one.high)})"
    return [
        label((_LEFT - 14, y + 4), what, size=12, colour=INK, anchor="end"),
        stroke(f"M{low:.1f} {y:.1f}H{high:.1f}", colour=colour, thickness=2),
        f'<circle cx="{dot:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>',
        label((_LEFT + _WIDTH + 14, y + 4), written, size=12, colour=colour),
    ]
