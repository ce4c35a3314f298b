"""The sentence at the top of an explanation, made from what stands below it."""

import math
from collections.abc import Sequence

from explainers.evidence import Evidence, Form
from explainers.reliability import Calibration, Statement
from explainers.status import Status, Verdict

_SEEN = ", which the network may have been trained on"
# A sum has regions only where an interpreter was fitted; one without is exact.
_NOUNS: dict[Form, str] = {"region": "polytope", "parts": "interpreter", "regression": "regression"}
_OUTSIDE = "The image lies outside every stored polytope, so nothing was counted for it."


def status_words(status: Status) -> str:
    """Say what a status means; a template, see `told_words`."""
    return {
        "supported": "The image lies where {this} is well supported.",
        "weak": "{first} is weak here: treat it as a hint.",
        "out_of_support": (
            "The image is unlike the images that the model was fitted on: trust neither the class "
            "nor {noun}."
        ),
    }[status]


def statement_words(verdict: Verdict, statement: Statement, calibration: Calibration) -> str:
    """Say what a status means for an explanation, and what was counted for such ones.

    A template, for `told_words`: whose count it is depends on what carries the reply.
    """
    words = (
        status_words(verdict.status),
        _company_words(verdict),
        _counted_words(verdict, statement, calibration),
    )
    return " ".join(word for word in words if word)


def unstated_words(status: Status) -> str:
    """Say what a status means where no method that was asked has regions; a template."""
    if status == "weak":
        return (
            "It has no region of its own, so nothing was counted for it: it holds by "
            "construction, and says nothing of how far the image is like the known ones."
        )
    nothing = "Nothing was counted for it: it holds by construction, everywhere alike."
    return f"{status_words(status)} {nothing}"


def _company_words(verdict: Verdict) -> str:
    others = verdict.asked.count("+")
    if verdict.company is None or not others:
        return ""
    if others == 1:
        found = "the same" if verdict.company else "another"
        return f"The other method that was asked finds {found} class."
    count = {0: "None", others: "All"}.get(verdict.company, str(verdict.company))
    return f"{count} of the {others} other methods that were asked find the same class."


def _counted_words(verdict: Verdict, statement: Statement, calibration: Calibration) -> str:
    agreed, of, right, estimate, lower = statement
    seen = f"{_SEEN}," if calibration == "may_have_been_seen" else ""
    if not of:
        status = verdict.status.replace("_", " ")
        return (
            f"No calibration image{seen} was explained like this one; of all that were {status}, "
            f"about {floored_percent(estimate)} % were explained as the network said."
        )
    images = "one calibration image that was" if of == 1 else f"{of} calibration images that were"
    return (
        f"Of the {images} explained alike{seen or ','} {{noun}} named the network's class for "
        f"{agreed}: an estimated {floored_percent(estimate)} %, and with 95 % confidence at least "
        f"{floored_percent(lower)} %. The network was right for {right}."
    )


def disagreement_words(named: Sequence[tuple[str, str]]) -> str:
    """Say which evidence names which other class; "" for none.

    Parameters
    ----------
    named
        Methods, each with the class that it names.

    """
    if not named:
        return ""
    said = [f"{method} names {label}" for method, label in named]
    joined = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"Other evidence disagrees: {joined}."


def floored_percent(share: float) -> str:
    """Write a share in percent, rounded down: nothing is promised that was not counted."""
    return f"{math.floor(1000 * share + 1e-9) / 10:.1f}"


def told_words(words: str, first: Evidence, named: str | None, *, carries: bool) -> str:
    """Fill in what `statement_words` or `unstated_words` gave.

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
    return words.format(noun=noun, this=this, first=opening)


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


def beside_words(method: str) -> str:
    """Say what carries the reply where the first choice agrees, but another bound is higher."""
    return f"{method} names it too, in a region of the highest bound."


def uncarried_words(label: str) -> str:
    """Say that nothing carries the reply, after `parted_words`."""
    return f"no method that ran speaks for {label}."


def _noun(first: Evidence) -> str:
    if first.form == "parts" and first.region is None:
        return "trace"
    return _NOUNS.get(first.form, "trace")
