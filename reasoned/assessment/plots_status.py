"""Shares, fidelity and accuracy of parts of the images, as bars and dots."""

import math
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from reasoned.assessment.figures import ShareFigures
from reasoned.assessment.plots import COLOURS, INK, STYLE, drawn, tidy, whole_range

_WIDTH: Final = 7.2


def share_bars(shares: Sequence[ShareFigures], name: str) -> str:
    """Draw for each part its share of the images, its fidelity and the network's accuracy."""
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(_WIDTH, 0.8 + 0.75 * len(shares)), layout="constrained")
        axes = drawing.subplots()
        for step, (label, colour, hatch, values) in enumerate(_series(shares)):
            places = [row + 0.26 * (step - 1) for row in range(len(shares))]
            axes.barh(
                places,
                values,
                0.24,
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.5,
                label=label,
            )
            for place, value in zip(places, values, strict=True):
                axes.text(value + 0.008, place, f"{100 * value:.1f} %", va="center", fontsize=8)
        axes.set_yticks(range(len(shares)), [one.name.replace("_", " ") for one in shares])
        axes.invert_yaxis()
        axes.set(xlim=(0, 1.12), xticks=(0, 0.25, 0.5, 0.75, 1.0))
        axes.xaxis.set_major_formatter("{x:.0%}")
        tidy(axes)
        axes.grid(visible=False, axis="y")
        drawing.legend(loc="outside lower center", ncols=3, frameon=False)
    return drawn(drawing, name)


def _series(
    shares: Sequence[ShareFigures],
) -> tuple[tuple[str, str, str, list[float]], ...]:
    return (
        ("share of the images", "#bbbbbb", "", [one.share for one in shares]),
        ("explanation names the network's class", COLOURS[0], "", _known(shares, "fidelity")),
        ("network is right", "#ddcc77", "///", _known(shares, "accuracy")),
    )


def _known(shares: Sequence[ShareFigures], field: str) -> list[float]:
    values = (getattr(one, field) for one in shares)
    return [float("nan") if value is None else float(value) for value in values]


def class_dots(classes: Sequence[ShareFigures]) -> str:
    """Draw for each class the fidelity as a dot and the network's accuracy as a square."""
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(_WIDTH, 0.9 + 0.26 * len(classes)), layout="constrained")
        axes = drawing.subplots()
        rows = range(len(classes))
        fidelity, accuracy = _known(classes, "fidelity"), _known(classes, "accuracy")
        axes.plot(
            accuracy, rows, "s", color="#ccbb44", markeredgecolor=INK, label="network is right"
        )
        axes.plot(
            fidelity,
            rows,
            "o",
            color=COLOURS[0],
            markeredgecolor=INK,
            label="explanation names the network's class",
        )
        axes.set_yticks(rows, [one.name for one in classes])
        axes.invert_yaxis()
        known = [value for value in (*fidelity, *accuracy) if not math.isnan(value)]
        axes.set_xlim(whole_range(known, 0.1))
        axes.xaxis.set_major_formatter("{x:.0%}")
        tidy(axes)
        drawing.legend(loc="outside lower center", ncols=2, frameon=False)
    return drawn(drawing, "classes")
