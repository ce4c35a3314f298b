"""A regression in words, for somebody who has never heard of one."""

import re
from typing import Final

from reasoned.reply.bodies import RegressionBody, RegressionPart
from reasoned.reply.schema import RegressionEvidence

MOST_COMPONENTS: Final = 6
_PIXEL: Final = re.compile(r"pixel \(row (\d+), column (\d+)\)(?:, (\w+))?")


def heading_words(evidence: RegressionEvidence) -> str:
    """Name what is shown: the class that the weighted sums put first."""
    named = "" if evidence.names is None else f": why they put {evidence.names.label} first"
    return f"Weighted sums that imitate the network{named}"


def disagreeing_words(evidence: RegressionEvidence, label: str) -> str:
    """Say that the sums name another class than the network, if they do."""
    if evidence.names is None or evidence.names.label == label:
        return ""
    return (
        f"The weighted sums put {evidence.names.label} first; the network says {label}. The two "
        "disagree."
    )


def component_words(body: RegressionBody) -> str:
    """Say which component answers for the image, and how surely."""
    of = len(body.components)
    if of == 1:
        return "This class has one weighted sum (one component), used for every image."
    most = f"{100 * body.responsibility:.0f} %"
    if body.component is None:
        return (
            f"This class has {of} weighted sums (components), each for another kind of image. None "
            f"of them clearly answers for this one (at most {most}), so all are combined, each by "
            "its share."
        )
    place = [one.component for one in body.components].index(body.component) + 1
    return (
        f"This class has {of} weighted sums (components), each for another kind of image. Judged "
        f"from the image alone, component {place} answers for this one (responsibility {most})."
    )


def share_words(body: RegressionBody) -> str:
    """List how far each component answers, or nothing where there is one."""
    shown = body.components[:MOST_COMPONENTS]
    if len(shown) < 2:
        return ""
    listed = ", ".join(
        f"component {place} {100 * one.responsibility:.0f} %"
        for place, one in enumerate(shown, start=1)
    )
    more = len(body.components) - len(shown)
    return f"How far each answers: {listed}{f' and {more} more' if more else ''}."


def residual_words(body: RegressionBody) -> str:
    """Say what is predicted, what the network itself says, and what lies between."""
    own = body.predicted + body.residual
    way = "low" if body.residual >= 0.0 else "high"
    return (
        f"Predicted: {body.predicted:.2f} ({body.score}: above 0 means more likely than not). The "
        f"network's own value is {own:.2f}, so the sum is too {way} by {abs(body.residual):.2f}."
    )


def certain_words(part: RegressionPart) -> str:
    """Give the weight's interval, and whether its sign is known."""
    low, high = part.interval
    return f"{low:.3g} to {high:.3g}{'' if part.certain else ', sign uncertain'}"


def short_name(name: str) -> str:
    """Shorten a pixel's name to its row and column; leave other names as they are."""
    found = _PIXEL.fullmatch(name)
    if found is None:
        return name
    row, column, colour = found.groups()
    return f"{row}, {column}{'' if colour is None else f' {colour}'}"


def chart_words(body: RegressionBody) -> str:
    """Say how the bars are read."""
    pixels = any(_PIXEL.fullmatch(part.name) for part in body.parts)
    named = " Pixels are named by row and column, counted from 0 at the upper left." * pixels
    return (
        "Each bar is one feature's contribution, its weight times its value, as a share of the "
        f"largest one. Bars to the right speak for the class, bars to the left against it.{named}"
    )
