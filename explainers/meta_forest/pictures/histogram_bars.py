"""The classes at a node, as small bars in the classes' colours."""

import numpy as np

from explainers.arrays import AnyArray, IntArray
from explainers.svg import (
    box,
    colour_of,
    escaped,
    label,
    stroke,
    wrapped,
)

MOST_BARS = 24


def shown_classes(totals: AnyArray) -> IntArray:
    """Choose the classes to draw: all, or the commonest where there are very many."""
    if len(totals) <= MOST_BARS:
        return np.arange(len(totals))
    return np.sort(np.argsort(-totals, kind="stable")[:MOST_BARS])


def bars(
    at: tuple[float, float],
    size: tuple[float, float],
    histogram: AnyArray,
    shown: IntArray,
    classes: tuple[str, ...],
) -> list[str]:
    """Draw one bar per class on a base line, the tallest as high as the space."""
    left, top = at
    width, height = size
    step = width / len(shown)
    most = max(float(histogram.max()), 1.0)
    parts = [stroke(f"M{left:.1f},{top + height:.1f} H{left + width:.1f}")]
    for place, index in enumerate(shown):
        tall = float(histogram[index]) / most * height
        if tall <= 0:
            continue
        words = escaped(f"{classes[index]}: {int(histogram[index])}")
        parts.append(
            f'<rect x="{left + place * step + step * 0.1:.1f}" y="{top + height - tall:.1f}" '
            f'width="{step * 0.8:.1f}" height="{tall:.1f}" fill="{colour_of(int(index))}">'
            f"<title>{words}</title></rect>"
        )
    return parts


def legend(
    at: tuple[float, float], width: float, shown: IntArray, classes: tuple[str, ...]
) -> tuple[list[str], float]:
    """Name the colours, in as many lines as it takes; give the last line's base line too."""
    parts, (x, y) = list[str](), at
    for index in shown:
        name = wrapped(classes[index], 24, 1)[0]
        wide = 30 + 7.2 * len(name)
        if x + wide > width and x > at[0]:
            x, y = at[0], y + 20
        parts.append(box((x, y - 10), (12, 12), fill=colour_of(int(index)), stroke="none"))
        parts.append(label((x + 17, y), name))
        x += wide
    return parts, y
