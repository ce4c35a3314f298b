"""Relevances as horizontal bars: to the right what raises a score, to the left what lowers it."""

from collections.abc import Sequence
from typing import Final

from explainers.svg import INK, LINE, MUTED, box, escaped, label, stroke
from reasoned.reply.bodies import Part, RegressionPart

RAISES, SHORT, LOWERS = "#2b6cb0", "#a9c4e4", "#c05621"
# As wide as a phone leaves room for; text would shrink with a wider one.
_WIDE: Final = 360.0
_LEFT, _RIGHT, _ROW, _BAR = 104.0, 308.0, 22.0, 13.0
_TOP, _LABELLED, _FOOT = 2.0, 22.0, 20.0
_LETTERS: Final = 15


def chart(parts: Sequence[Part | RegressionPart], threshold: float | None) -> str:
    """Draw one bar per part, in the given order, and the threshold as a dashed line.

    Parameters
    ----------
    parts
        At least one.
    threshold
        Positive bars that end before it are drawn paler; None for no line.

    """
    least = min(0.0, *(part.relevance for part in parts))
    scale = (_RIGHT - _LEFT) / (1.0 - least)
    zero = _LEFT - least * scale
    top = _TOP if threshold is None else _LABELLED
    bottom = top + len(parts) * _ROW
    drawn = [
        stroke(f"M{x:.1f} {top}V{bottom:.1f}", colour=colour)
        for x, colour in ((zero, MUTED), (_RIGHT, LINE))
    ]
    drawn += [
        label((x, bottom + 14), told, size=11, colour=MUTED, anchor="middle")
        for x, told in ((zero, "0"), (_RIGHT, "1"))
    ]
    for row, part in enumerate(parts):
        drawn += _bar(part, threshold, top + row * _ROW, (zero, scale))
    if threshold is not None:
        drawn += _line(threshold, zero + threshold * scale, bottom)
    high = bottom + _FOOT
    return (
        f"<svg class=chart viewBox='0 0 {_WIDE:g} {high:g}' role=img><title>Relevance of each "
        f"part</title>{''.join(drawn)}</svg>"
    )


def _bar(
    part: Part | RegressionPart, threshold: float | None, top: float, axis: tuple[float, float]
) -> list[str]:
    zero, scale = axis
    told = threshold is None or part.relevance > threshold
    colour = (RAISES if told else SHORT) if part.relevance >= 0 else LOWERS
    length = max(abs(part.relevance) * scale, 1.0)
    left = zero if part.relevance >= 0 else zero - length
    line = top + 0.7 * _ROW
    name = (
        part.name
        if len(part.name) <= _LETTERS
        else f"{part.name[: _LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}"
    )
    return [
        f"<g><title>{escaped(part.name)}</title>",
        label((0, line), name, bold=told and threshold is not None),
        box((left, top + (_ROW - _BAR) / 2), (length, _BAR), fill=colour, stroke="none", corner=2),
        label((_WIDE, line), f"{part.relevance:+.2f}", colour=INK, anchor="end"),
        "</g>",
    ]


def _line(threshold: float, at: float, bottom: float) -> list[str]:
    return [
        stroke(f"M{at:.1f} {_LABELLED - 6}V{bottom + 3:.1f}", colour=INK, dashes="4 3"),
        label((at, _LABELLED - 10), f"threshold {threshold:.3g}", size=11, anchor="middle"),
    ]
