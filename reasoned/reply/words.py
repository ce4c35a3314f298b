"""The sentence at the top of an explanation, made from what stands below it."""

from explainers.reliability import Calibration, Counts
from explainers.status import Status

_SEEN = ", which the network may have been trained on"


def reliability_words(counts: Counts | None, calibration: Calibration) -> str:
    """Say what was counted for the region."""
    if counts is None:
        return "Nothing was counted for it: it holds by construction, everywhere alike."
    agreed, of, right, lower = counts
    seen = _SEEN if calibration == "may_have_been_seen" else ""
    if not of:
        return f"No calibration image{seen} fell in this region, so nothing is known of it."
    images = "image" if of == 1 else "images"
    return (
        f"Of {of} calibration {images} in this region{seen}, the trace named the network's class "
        f"for {agreed} (at least {100 * lower:.1f} %), and the network was right for {right}."
    )


def status_words(status: Status) -> str:
    """Say what a status means."""
    return {
        "supported": "The image lies where the trace is well supported.",
        "weak": "The trace is weak here: treat it as a hint.",
        "out_of_support": (
            "The image is unlike the images that the model was fitted on: trust neither the class "
            "nor the trace."
        ),
    }[status]


def region_words(status: Status, counts: Counts | None, calibration: Calibration) -> str:
    """Say what a status means for a region, and what was counted there."""
    if counts is None and status == "weak":
        return (
            "It has no region of its own, so nothing was counted for it: it holds by "
            "construction, and says nothing of how far the image is like the known ones."
        )
    return f"{status_words(status)} {reliability_words(counts, calibration)}"


def carried_words(method: str, first: str, named: str, label: str) -> str:
    """Say that the first choice names another class, and what carries the reply instead."""
    return (
        f"The {first} trace names {named}, not {label}, so it is not the reason; the "
        f"{method} evidence speaks for {label}."
    )


def uncarried_words(first: str, named: str, label: str) -> str:
    """Say that the first choice names another class and nothing carries the reply."""
    return (
        f"The {first} trace names {named}, not {label}, so it is not the reason; no method "
        f"that ran speaks for {label}."
    )
