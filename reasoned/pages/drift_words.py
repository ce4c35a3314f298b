"""What the detectors watch, in words for people who answer for the model."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from reasoned.drift.change import Contributor
from reasoned.drift.display import Ratio
from reasoned.drift.live import Share
from reasoned.drift.overview import Overview
from reasoned.drift.reference import OTHER, Family, Member
from reasoned.drift.signals import FEEDBACK

TITLES: Final[Mapping[str, str]] = {
    "disagreement": "Explanation and network disagree",
    "out_of_support": "Unlike the training images",
    "neighbour_distance": "Far from every example",
    "confidence": "How sure the network is",
    "class_mix": "Which classes are given",
    "cluster": "Which clusters images fall into",
    "leaf": "Which leaves decide",
    "polytope": "Which polytopes images fall into",
    "attribute": "Which attributes are active",
    "component": "Which components carry",
    FEEDBACK: "Errors that feedback tells of",
}
_SAID: Final[Mapping[str, str]] = {
    "disagreement": "The explanation named another class than the network for",
    "out_of_support": "The support test rejected the image for",
    "neighbour_distance": (
        "The nearest example was farther than for 95 % of held-out images of the class for"
    ),
}
_OF_ONE: Final[Mapping[str, str]] = {"class_mix": "class", "leaf": "leaf", "cluster": "cluster"}
_NEW: Final = "anything that was never seen at fit time"


def title(signal: str) -> str:
    """Name a signal; one of a method of its own goes by its kind of citation."""
    return TITLES.get(signal, f"Which of {signal} is cited")


def second(at: float) -> str:
    """Write a time in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def percent(share: float) -> str:
    """Write a share, smaller ones with more digits."""
    shown = 100.0 * share
    digits = 1 if shown >= 1.0 or shown == 0.0 else 2
    return f"{shown:.{digits}f}\N{NO-BREAK SPACE}%"


def signal_words(found: Overview, signal: str) -> str:
    """Say how a signal looked in the last requests, beside fit time."""
    if signal == FEEDBACK:
        return _feedback(found.reference.record.feedback)
    family = found.family(signal)
    if family is None or not found.shown.n:
        return "No request was counted yet."
    if signal == "confidence":
        return _confidence(found, family)
    ratio = next((one for one in found.shown.ratios if one.name == signal), None)
    if ratio is not None:
        return _ratio(ratio)
    shares = [one for one in found.shown.shares if one.kind == (family.kind or family.name)]
    return _shares(family, shares)


def contributor_words(signal: str, found: Contributor) -> str:
    """Say in which way the requests of an alarm differ."""
    more = "at most" if found.side == "above" else "at least"
    bound = found.bound if found.side == "above" else 1.0 - found.bound
    live = "an unknown share" if found.live is None else percent(found.live)
    held = f"at fit time {more} {percent(bound)} (measured {percent(found.reference)})"
    if signal == "confidence":
        return f"Mean confidence {live} over {found.n:,} requests; {held}"
    if signal in _SAID:
        return f"{_SAID[signal]} {live} of {found.n:,} requests; {held}"
    return f"{member_name(signal, found.member)}: {live} of {found.n:,} requests; {held}"


def member_name(signal: str, key: str) -> str:
    """Name a share that is watched."""
    if key == OTHER:
        return _NEW
    kind = _OF_ONE.get(signal, signal)
    return key if kind in key else f"{kind} {key}"


def _ratio(ratio: Ratio) -> str:
    bound = f"at fit time at most {percent(ratio.bound)} (measured {percent(ratio.reference)})"
    if ratio.live is None:
        return f"{_SAID[ratio.name]} none of the last requests; {bound}."
    count = round(ratio.live * ratio.n)
    spread = f"{percent(ratio.low)} to {percent(ratio.high)}"
    return (
        f"{_SAID[ratio.name]} {count:,} of the last {ratio.n:,} requests ({percent(ratio.live)}, "
        f"95 % interval {spread}); {bound}."
    )


def _confidence(found: Overview, family: Family) -> str:
    sides = {member.side: member.bound for member in family.members}
    live, fitted = found.shown.confidence, found.reference.record.confidence_mean
    mean = "-" if live is None else percent(live)
    words = f"Its mean confidence was {mean} over the last {found.shown.n:,} requests; at fit time "
    if len(sides) == len(("above", "below")):
        low, high = percent(1.0 - sides["below"]), percent(sides["above"])
        words += f"from {low} to {high} "
    return f"{words}(measured {percent(fitted)})."


def _shares(family: Family, shares: list[Share]) -> str:
    if not shares:
        return "No request was counted yet."
    most = max(shares, key=lambda one: abs(one.live - one.reference))
    name = member_name(family.name, most.key)
    held = _held(family, most)
    return (
        f"Of {len(shares)} shares, that of {name} changed most: {percent(most.live)} of the last "
        f"{most.n:,} requests; at fit time {held}(measured {percent(most.reference)})."
    )


def _held(family: Family, share: Share) -> str:
    """Say what the share is held to on the side to which it went."""
    side = "above" if share.live >= share.reference else "below"
    key = None if share.key == OTHER else share.key
    bounds = [m.bound for m in family.members if m.key == key and m.side == side]
    if not bounds:
        return ""
    if side == "above":
        return f"at most {percent(bounds[0])} "
    return f"at least {percent(1.0 - bounds[0])} "


def _feedback(told: Member | None) -> str:
    said = "Of decisions for which feedback gave the true class, the first label counts"
    if told is None:
        return f"{said}."
    bound = f"at most {percent(told.bound)} of held-out images (measured {percent(told.share)})"
    return f"{said}; at fit time the network was wrong for {bound}."
