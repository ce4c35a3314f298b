"""The sentence at the top of an explanation, made from what stands below it."""

from explainers.evidence import Form
from explainers.reliability import Calibration, Counts
from explainers.status import Status

_SEEN = ", which the network may have been trained on"
_SAYS: dict[Form, str] = {"region": "the polytope"}
_NOUNS: dict[Form, str] = {"region": "polytope"}


def reliability_words(form: Form, counts: Counts | None, calibration: Calibration) -> str:
    """Say what was counted for the region."""
    if counts is None and form == "region":
        return "The image lies outside every stored polytope, so nothing was counted for it."
    if counts is None:
        return "Nothing was counted for it: it holds by construction, everywhere alike."
    agreed, of, right, lower = counts
    seen = _SEEN if calibration == "may_have_been_seen" else ""
    if not of:
        return f"No calibration image{seen} fell in this region, so nothing is known of it."
    images = "image" if of == 1 else "images"
    return (
        f"Of {of} calibration {images} in this region{seen}, {_SAYS.get(form, 'the trace')} named "
        f"the network's class for {agreed} (at least {100 * lower:.1f} %), and the network was "
        f"right for {right}."
    )


def status_words(form: Form, status: Status) -> str:
    """Say what a status means."""
    this = "this evidence" if form == "region" else "the trace"
    return {
        "supported": f"The image lies where {this} is well supported.",
        "weak": f"{this[0].upper()}{this[1:]} is weak here: treat it as a hint.",
        "out_of_support": (
            "The image is unlike the images that the model was fitted on: trust neither the class "
            f"nor {this}."
        ),
    }[status]


def region_words(
    form: Form, status: Status, counts: Counts | None, calibration: Calibration
) -> str:
    """Say what a status means for a region, and what was counted there."""
    if counts is None and status == "weak" and form != "region":
        return (
            "It has no region of its own, so nothing was counted for it: it holds by "
            "construction, and says nothing of how far the image is like the known ones."
        )
    return f"{status_words(form, status)} {reliability_words(form, counts, calibration)}"


def parted_words(first: str, form: Form, named: str | None, label: str) -> str:
    """Say that the first choice does not speak for the network's class."""
    noun = _NOUNS.get(form, "trace")
    if form == "region" and named is None:
        return f"No {noun} of {first} holds the image, so none is the reason;"
    return f"The {first} {noun} names {named or 'no class'}, not {label}, so it is not the reason;"


def carried_words(method: str, label: str) -> str:
    """Say what carries the reply where the first choice does not, after `parted_words`."""
    return f"the {method} evidence speaks for {label}."


def uncarried_words(label: str) -> str:
    """Say that nothing carries the reply, after `parted_words`."""
    return f"no method that ran speaks for {label}."
