"""Signed weights as SVG: one path per shade, over an image or over units."""

from typing import Final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.mixture.served.places import PIXELS, Places

MOST_DRAWN: Final = 150  # as many as the paper shows
SHADES: Final = 8
UNSURE: Final = SHADES + 1
_MOST_SIDE: Final = 64  # rows and columns of painted superpixels
_FOR, _AGAINST, _GREY = (23, 78, 166), (180, 35, 24), "#b6bec9"
_PALE: Final = 228


def cells(
    places: Places, weights: DoubleArray, certain: BoolArray, at: tuple[float, float], side: float
) -> list[str]:
    """Draw weights at their places in the image, one path per shade.

    Parameters
    ----------
    places
        Where features lie.
    weights, certain
        Shape (features).
    at, side
        Where the picture's left upper corner is, and how large it is.

    """
    painted = places.painted(_largest(weights))
    sure = places.painted(certain.astype(np.float64)) > 0.0
    if places.kind != PIXELS:
        step = -(-max(painted.shape) // _MOST_SIDE)
        painted, sure = painted[::step, ::step], sure[::step, ::step]
    levels = shade_levels(painted, sure)
    scale = side / max(levels.shape)
    return [
        f'<path transform="translate({at[0]:.1f} {at[1]:.1f}) scale({scale:.5g})" '
        f'fill="{_colour(level)}" d="{_runs(levels == level)}"/>'
        for level in np.unique(levels).tolist()
        if level
    ]


def bars(
    weights: DoubleArray, certain: BoolArray, at: tuple[float, float], side: float
) -> list[str]:
    """Draw the weights of units as bars in the units' order, up where they are positive.

    Parameters
    ----------
    weights, certain
        Shape (units).
    at, side
        As in `cells`.

    """
    kept = _largest(weights)
    levels = shade_levels(kept, certain)
    most = float(np.abs(kept).max()) or 1.0
    wide, middle = side / len(kept), at[1] + side / 2
    heights = kept / most * side / 2
    return [
        f'<path fill="{_colour(level)}" d="'
        + "".join(
            f"M{at[0] + unit * wide:.1f} {middle:.1f}v{-heights[unit]:.1f}h{max(wide, 0.5):.1f}"
            f"v{heights[unit]:.1f}z"
            for unit in np.flatnonzero(levels == level).tolist()
        )
        + '"/>'
        for level in np.unique(levels).tolist()
        if level
    ]


def shade_levels(weights: DoubleArray, certain: BoolArray) -> IntArray:
    """Give each weight a shade.

    Parameters
    ----------
    weights, certain
        Of the same shape.

    Returns
    -------
    IntArray
        Of that shape: 0 for no weight, `UNSURE`, or from 1 to `SHADES` with the weight's
        sign, `SHADES` for the largest.

    """
    sizes = np.abs(weights)
    most = float(sizes.max(initial=0.0)) or 1.0
    steps = np.ceil(SHADES * sizes / most).clip(0, SHADES)
    signed = np.where(weights < 0.0, -steps, steps)
    return np.where((weights != 0.0) & ~certain, UNSURE, signed).astype(np.int64)


def _largest(weights: DoubleArray) -> DoubleArray:
    """Keep the largest weights, and give the others as 0."""
    if len(weights) <= MOST_DRAWN:
        return weights
    kept = np.zeros_like(weights)
    order = np.argsort(-np.abs(weights), kind="stable")[:MOST_DRAWN]
    kept[order] = weights[order]
    return kept


def _colour(level: int) -> str:
    if level == UNSURE:
        return _GREY
    far, share = (_FOR if level > 0 else _AGAINST), abs(level) / SHADES
    red, green, blue = (round(_PALE + (end - _PALE) * share) for end in far)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _runs(marked: BoolArray) -> str:
    """Give marked cells of shape (rows, columns) as path data, a rectangle per run in a row."""
    padded = np.pad(marked, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    starts, ends = np.argwhere(change == 1), np.argwhere(change == -1)
    return "".join(
        f"M{column} {row}h{end - column}v1h-{end - column}z"
        for (row, column), (_, end) in zip(starts.tolist(), ends.tolist(), strict=True)
    )
