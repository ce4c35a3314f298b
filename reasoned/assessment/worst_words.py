"""What is nearest to turning a reply into another, in plain words."""

from reasoned.reply.bodies import ClosestFacet, PathChange
from reasoned.reply.schema import PathEvidence, RegionEvidence, Reply


def closest_words(reply: Reply) -> str:
    """Say which of the network's own boundaries is nearest to being crossed, if that is told."""
    for one in () if reply.explanation is None else reply.explanation.evidence:
        if isinstance(one, RegionEvidence) and one.body.closest is not None:
            return _closest(one.method, one.body.closest)
    return ""


def _closest(method: str, closest: ClosestFacet) -> str:
    label = closest.against.label
    if closest.relative is None:
        far = f"{closest.distance:.3g} away in the explained layer"
    else:
        share = 100 * closest.relative
        part = f"{share:.0f} %" if share >= 1 else "less than 1 %"
        far = f"crossed after {part} of the way to the nearest stored {label} beyond it"
    return f"Nearest boundary of the network ({method}): the one towards {label}, {far}."


def change_words(reply: Reply) -> str:
    """Say which change of the trace is the smallest after which it would name another class."""
    for one in () if reply.explanation is None else reply.explanation.evidence:
        if isinstance(one, PathEvidence) and one.body.change is not None:
            return _change(one.method, one.body.change)
    return ""


def _change(method: str, change: PathChange) -> str:
    tests = "; ".join(
        f"{test.text} ({test.value:g} now, {test.threshold:g} is the limit)"
        for test in change.unmet
    )
    return (
        f"Smallest change of the trace ({method}) after which it would name "
        f"{change.names.label}: {change.distance:.3g} in all. The image would have to be {tests}."
    )
