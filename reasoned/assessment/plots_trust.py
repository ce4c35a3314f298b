"""What replies promise against what came, as plots."""

from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reasoned.assessment.calibration import interval
from reasoned.assessment.figures import BinFigures, GroupFigures
from reasoned.assessment.plots import (
    COLOURS,
    INK,
    MARKERS,
    RED,
    SOFT,
    STYLE,
    drawn,
    tidy,
    whole_range,
)

_SIZE: Final = (4.7, 4.6)
_MANY: Final = 0.75  # of the images lie in the zoomed drawing
_HIGH: Final = 0.9
_ENOUGH: Final = 5
_NARROW: Final = 0.5  # of the whole range, else there is nothing to zoom into


def reliability_plot(bins: Sequence[BinFigures]) -> str:
    """Draw the observed share over the estimate for all bins, with the images of each below."""
    return _reliability(bins, "reliability")


def zoomed_reliability_plot(bins: Sequence[BinFigures]) -> str | None:
    """Draw the highest bins alone, or give None where they are not crowded."""
    crowded = crowded_bins(bins)
    return None if len(crowded) == len(bins) else _reliability(crowded, "reliability-zoomed")


def crowded_bins(bins: Sequence[BinFigures]) -> tuple[BinFigures, ...]:
    """Give the highest bins that hold most images, where they lie close together; else all."""
    ordered = sorted(bins, key=lambda one: -one.estimate)
    total, held = sum(one.of for one in bins), 0
    kept = list[BinFigures]()
    for one in ordered:
        if held >= _MANY * total:
            break
        kept.append(one)
        held += one.of
    span = ordered[0].estimate - ordered[-1].estimate
    narrow = kept[0].estimate - kept[-1].estimate <= _NARROW * span
    return tuple(reversed(kept)) if len(kept) > 1 and narrow else tuple(bins)


def _reliability(bins: Sequence[BinFigures], name: str) -> str:
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=_SIZE, layout="constrained")
        axes, below = drawing.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        estimates = [one.estimate for one in bins]
        limits = whole_range(estimates)
        _promised(axes)
        axes.errorbar(
            estimates,
            [one.observed for one in bins],
            _interval([(one.observed, one.low, one.high) for one in bins]),
            fmt="o",
            color=COLOURS[0],
            capsize=3,
            markersize=5,
        )
        axes.set(
            xlim=limits,
            ylim=whole_range([*limits, *(end for one in bins for end in (one.low, one.high))]),
            ylabel="share that came",
        )
        width = 0.012 * (limits[1] - limits[0])
        below.bar(estimates, [one.of for one in bins], width=width, color=COLOURS[0])
        below.set(xlabel="estimate in the reply", ylabel="images")
        for part in (axes, below):
            tidy(part)
    return drawn(drawing, name)


def bounds_plot(groups: Sequence[GroupFigures], name: str = "bounds") -> str:
    """Draw the observed share over the promised bound, one mark a group, broken ones crossed."""
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=_SIZE, layout="constrained")
        axes = drawing.subplots()
        for place, kind in enumerate(dict.fromkeys(one.kind for one in groups)):
            held = [one for one in groups if one.kind == kind and not one.broken]
            _groups(axes, held, COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)], kind)
        _groups(axes, [one for one in groups if one.broken], RED, "X", "broken")
        _promised(axes)
        axes.set(xlabel="bound in the reply", ylabel="share that came, with its 95 % interval")
        shares = [one.agreed / one.of for one in groups]
        lower = [one.lower for one in groups]
        axes.set(xlim=whole_range(lower), ylim=whole_range([*shares, *lower]))
        tidy(axes)
        drawing.legend(loc="outside lower center", ncols=3, frameon=False)
    return drawn(drawing, name)


def high_bounds(groups: Sequence[GroupFigures]) -> tuple[GroupFigures, ...]:
    """Give the groups with high bounds, where that leaves some out and enough to be enlarged."""
    high = tuple(one for one in groups if one.lower >= _HIGH)
    return high if _ENOUGH <= len(high) < len(groups) else ()


def _groups(
    axes: Axes,
    groups: Sequence[GroupFigures],
    colour: str,
    marker: str,
    kind: str,
) -> None:
    if not groups:
        return
    shares = [one.agreed / one.of for one in groups]
    limits = [
        (share, *interval(one.agreed, one.of)) for share, one in zip(shares, groups, strict=True)
    ]
    lower = [one.lower for one in groups]
    axes.errorbar(
        lower, shares, _interval(limits), fmt="none", ecolor=colour, elinewidth=0.6, alpha=0.4
    )
    whole = kind == "statement"  # hollow, since a method's own mark is often at the same place
    axes.plot(
        lower,
        shares,
        marker,
        color=colour,
        markersize=9 if whole or marker == "X" else 5,
        markeredgecolor=colour if whole else INK,
        markerfacecolor="none" if whole else colour,
        markeredgewidth=1.2 if whole else 0.4,
        label=kind,
        linestyle="none",
    )


def _interval(points: Sequence[tuple[float, float, float]]) -> list[list[float]]:
    below = [max(0.0, value - low) for value, low, _ in points]
    return [below, [max(0.0, high - value) for value, _, high in points]]


def _promised(axes: Axes) -> None:
    axes.axline((0.0, 0.0), slope=1.0, color=SOFT, linestyle="--", linewidth=1, zorder=1)
