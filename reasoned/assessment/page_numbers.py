"""Figures as the report's page writes them."""

from typing import Final

from reasoned.reply.words import floored_percent

NOTHING: Final = "–"  # noqa: RUF001  an en dash, which screen readers pass over


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share in percent, or a dash where there is none."""
    return NOTHING if share is None else f"{100 * share:.{digits}f} %"


def promised(share: float | None) -> str:
    """Write a promised share in percent, as a reply's sentence does."""
    return NOTHING if share is None else f"{floored_percent(share)} %"


def counted(share: float | None, of: int) -> str:
    """Write a share in percent with the number of images that it is of."""
    return NOTHING if share is None or not of else f"{percent(share)} of {of:,}"


def plain(value: float | None, digits: int = 3) -> str:
    """Write a number to so many significant digits, or a dash where there is none."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if abs(value) >= 10**digits - 0.5 else f"{value:.{digits}g}"


def images(count: int) -> str:
    """Write a number of images."""
    return "1 image" if count == 1 else f"{count:,} images"
