"""Evidence and shares as bars: plain SVG that fits any width, its colours the page's own."""

import html
import math
from collections.abc import Iterable
from typing import Final

from explainers.svg import escaped
from reasoned.drift.live import Share

_WIDE: Final = 100.0
_AT: Final = 90.0  # where the threshold is: what is beyond it still shows
_MOST_TICKS: Final = 40


def evidence_bar(evidence: float, threshold: float) -> str:
    """Draw evidence on a scale of powers of ten, with a line at its threshold."""
    scale = _AT / max(threshold, 1e-9)
    length = min(max(evidence, 0.0) * scale, _WIDE)
    reached = "over" if evidence >= threshold else "under"
    powers = range(1, min(math.floor(_WIDE / scale), _MOST_TICKS) + 1)
    ticks = "".join(f"M{power * scale:.2f} 0V14" for power in powers if power * scale <= _WIDE)
    told = f"10 to the power of {evidence:.1f}, threshold 10 to the power of {threshold:.1f}"
    return _drawn(
        14,
        told,
        f"<rect class=ground x=0 y=1 width={_WIDE:g} height=12 />"
        f"<rect class={reached} x=0 y=1 width={length:.2f} height=12 />"
        f"<path class=tick d='{ticks}'/><path class=limit d='M{_AT:g} 0V14'/>",
    )


def power_words(evidence: float, threshold: float) -> str:
    """Write evidence and threshold."""
    return f"10<sup>{evidence:.1f}</sup> of 10<sup>{threshold:.1f}</sup>"


def largest(shares: Iterable[Share]) -> float:
    """Give the largest share, at fit time or now."""
    return max((max(one.live, one.reference) for one in shares), default=0.0)


def share_rows(shares: Iterable[Share], most: float, *, grey: bool) -> str:
    """Draw each share twice: above at fit time, below now; `most` is as long as the whole."""
    kind = "pairs grey" if grey else "pairs"
    return f"<div class='{kind}'>{''.join(_row(one, most) for one in shares)}</div>"


def paired_bar(reference: float, live: float, most: float) -> str:
    """Draw two shares, one above the other; `most` is as long as the whole."""
    scale = _WIDE / most if most > 0.0 else 0.0
    told = f"{100 * reference:.2f} % at fit time, {100 * live:.2f} % now"
    return _drawn(
        18,
        told,
        f"<rect class=then x=0 y=1 width={reference * scale:.2f} height=7 />"
        f"<rect class=now x=0 y=10 width={live * scale:.2f} height=7 />",
    )


def _row(share: Share, most: float) -> str:
    return (
        f"<div class=side><span>{html.escape(share.key)}</span>"
        f"<span class=track>{paired_bar(share.reference, share.live, most)}</span>"
        f"<span class=number>{100 * share.reference:.1f} %<br>{100 * share.live:.1f} %</span></div>"
    )


def _drawn(high: int, told: str, inside: str) -> str:
    return (
        f"<svg class=bars viewBox='0 0 {_WIDE:g} {high}' preserveAspectRatio=none role=img "
        f"style='height:{high}px'><title>{escaped(told)}</title>{inside}</svg>"
    )
