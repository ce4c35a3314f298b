"""The sentence at the top of an explanation, made from what stands below it."""

from explainers.evidence import Evidence, Form
from explainers.reliability import Calibration, Counts
from explainers.status import Status

_SEEN = ", which the network may have been trained on"
# A sum has regions only where an interpreter was fitted; one without is exact.
_NOUNS: dict[Form, str] = {"region": "polytope", "parts": "interpreter", "regression": "regression"}
_PLACES: dict[Form, str] = {"parts": "in the group {region}", "regression": "told by {region}"}
_OUTSIDE = "The image lies outside every stored polytope, so nothing was counted for it."


def reliability_words(
    form: Form, status: Status, counts: Counts | None, calibration: Calibration
) -> str:
    """Say what was counted for a region and a status; a template, see `region_words`."""
    if counts is None and form == "region":
        return _OUTSIDE
    if counts is None:
        return "Nothing was counted for it: it holds by construction, everywhere alike."
    agreed, of, right, lower = counts
    seen = f"{_SEEN}," if calibration == "may_have_been_seen" else ""
    place = _PLACES.get(form, "in {region}")
    if not of:
        return (
            f"No calibration image {place}{seen} had this status ({status}), so nothing is known "
            "of it."
        )
    images = "one calibration image" if of == 1 else f"{of} calibration images"
    return (
        f"Of the {images} {place} with the same status{seen or ','} {{noun}} named the "
        f"network's class for {agreed} (with 95 % confidence at least {100 * lower:.1f} %), and "
        f"the network was right for {right}."
    )


def status_words(status: Status) -> str:
    """Say what a status means; a template, see `region_words`."""
    return {
        "supported": "The image lies where {this} is well supported.",
        "weak": "{first} is weak here: treat it as a hint.",
        "out_of_support": (
            "The image is unlike the images that the model was fitted on: trust neither the class "
            "nor {noun}."
        ),
    }[status]


def region_words(
    form: Form, status: Status, counts: Counts | None, calibration: Calibration
) -> str:
    """Say what a status means for a region, and what was counted there.

    A template, for `told_words`: whose count it is depends on what carries the reply.
    """
    if counts is None and status == "weak" and form != "region":
        return (
            "It has no region of its own, so nothing was counted for it: it holds by "
            "construction, and says nothing of how far the image is like the known ones."
        )
    return f"{status_words(status)} {reliability_words(form, status, counts, calibration)}"


def told_words(words: str, first: Evidence, named: str | None, *, carries: bool) -> str:
    """Fill in what `region_words` gave.

    Parameters
    ----------
    words
        The template.
    first
        The first choice, whose region and count it is.
    named
        The class that it names.
    carries
        Whether it speaks for the network's class. Where not, it is named, so that nobody
        takes its count for the carrier's.

    """
    noun = _noun(first)
    noun = f"the {noun}" if carries else f"the {first.method} {noun}"
    this = noun if carries or named is None else f"{noun}, which names {named},"
    opening = this[0].upper() + this[1:]
    return words.format(region=first.region, noun=noun, this=this, first=opening)


def unnamed_words(method: str, status: Status) -> str:
    """Say what a status means where no polytope holds the image, after `parted_words`."""
    if status == "out_of_support":
        warned = (
            "The image is unlike the images that the model was fitted on: do not trust the class."
        )
        return f"{warned} {_OUTSIDE}"
    return (
        f"So there is no evidence for it from {method}; ask with explain=full to have one "
        f"searched, where that is possible. {_OUTSIDE}"
    )


def parted_words(first: Evidence, named: str | None, label: str) -> str:
    """Say that the first choice does not speak for the network's class."""
    noun = _noun(first)
    if first.form == "region" and named is None:
        return f"No {noun} of {first.method} holds the image, so none is the reason;"
    other = f"{named or 'no class'}, not {label}"
    if noun == _NOUNS["parts"]:
        return (
            f"The {first.method} {noun} speaks for {other}, so its attributes do not explain the "
            "network's answer;"
        )
    return f"The {first.method} {noun} names {other}, so it is not the reason;"


def carried_words(method: str, label: str) -> str:
    """Say what carries the reply where the first choice does not, after `parted_words`."""
    return f"the {method} evidence speaks for {label}."


def uncarried_words(label: str) -> str:
    """Say that nothing carries the reply, after `parted_words`."""
    return f"no method that ran speaks for {label}."


def _noun(first: Evidence) -> str:
    if first.form == "parts" and first.region is None:
        return "trace"
    return _NOUNS.get(first.form, "trace")
