"""A matrix of classes as a table of HTML: what explanations named, and what they name now."""

import html
from collections.abc import Sequence
from typing import Final

from reasoned.comparing.figures import NamedFigures

MOST: Final = 24
_NONE: Final = "no class"
_DARK: Final = 0.75


def named_matrix(named: Sequence[NamedFigures]) -> str:
    """Write classes in A by classes in B, the more images the darker.

    Only classes that moved have a row and a column, at most 24 of them.

    Parameters
    ----------
    named
        The moves, the most frequent first; at least one.

    """
    counts = {(one.before or _NONE, one.after or _NONE): one.images for one in named}
    classes = sorted(list(dict.fromkeys(name for pair in counts for name in pair))[:MOST])
    most = max(counts.values())
    head = "".join(f"<th class='down'>{html.escape(name)}</th>" for name in classes)
    rows = [
        f"<tr><th>{html.escape(name)}</th>"
        + "".join(_cell(counts.get((name, other), 0), most) for other in classes)
        + "</tr>"
        for name in classes
    ]
    return "\n".join(
        [
            "<div class='wide'><table class='matrix'>",
            f"<tr><th>in A, in B</th>{head}</tr>",
            *rows,
            "</table></div>",
        ]
    )


def _cell(count: int, most: int) -> str:
    if not count:
        return "<td></td>"
    depth = 0.12 + 0.88 * count / most
    ink = "#ffffff" if depth > _DARK else "#1f2430"
    return f"<td style='background:rgba(32,77,138,{depth:.2f});color:{ink}'>{count:,}</td>"
