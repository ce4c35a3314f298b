"""The summary: what was promised, whether it holds, and the figure that shows it."""

from itertools import groupby
from typing import Final

from reasoned.assessment.figures import (
    AssessmentFigures,
    ReliabilityFigures,
    Sentence,
    ShareFigures,
    ShiftFigures,
    StrangerFigures,
)
from reasoned.assessment.shifted import LEAST_SUPPORTED_FIDELITY, rises, unfaithful
from reasoned.assessment.strangers import LEAST_NOT_SUPPORTED

MOST_BROKEN: Final = 0.01
MOST_ERROR: Final = 0.01
LEAST_FIDELITY: Final = 0.99
LEAST_SHARE: Final = 0.9
_OF_CHANCE: Final = 2.0


def summary(
    reliability: ReliabilityFigures,
    shift: tuple[ShiftFigures, ...],
    strangers: tuple[StrangerFigures, ...],
) -> tuple[Sentence, ...]:
    """Say in plain sentences what holds, what does not, and what was not measured."""
    return (
        _bounds(reliability),
        _error(reliability),
        _supported(reliability),
        _rising(shift),
        _under_shift(shift),
        *(_stranger(one) for one in strangers),
    )


def percent(value: float | None, digits: int = 2) -> str:
    """Write a share in percent, or a dash where there is none."""
    return "-" if value is None else f"{100 * value:.{digits}f} %"


def _bounds(found: ReliabilityFigures) -> Sentence:
    groups = found.groups
    if not groups:
        return Sentence(holds=None, text="No reply carries a lower bound, so none was tested.")
    broken = sum(one.broken for one in groups)
    return Sentence(
        holds=found.bounds_broken_share <= MOST_BROKEN,
        text=f"Lower bounds of replies hold: {broken} of {len(groups)} are broken "
        f"({percent(found.bounds_broken_share)}; at most {percent(MOST_BROKEN, 0)} may be).",
    )


def _error(found: ReliabilityFigures) -> Sentence:
    if not found.estimated:
        return Sentence(holds=None, text="No reply carries an estimate, so none was tested.")
    error, chance = found.calibration_error, found.calibration_error_by_chance
    holds = error <= MOST_ERROR
    # Where chance alone gives so much, more images are needed to tell.
    told = not holds and chance > MOST_ERROR and error <= _OF_CHANCE * chance
    return Sentence(
        holds=None if told else holds,
        text=f"The estimate of replies is right on average: it is off by {error:.4f} (at most "
        f"{MOST_ERROR:g} is asked; chance alone gives about {chance:.4f}"
        + (", so there are too few images to tell)." if told else ")."),
    )


def _supported(found: ReliabilityFigures) -> Sentence:
    supported = _named(found.statuses, "supported")
    if supported.fidelity is None:
        return Sentence(holds=False, text="No image is `supported`.")
    return Sentence(
        holds=supported.fidelity >= LEAST_FIDELITY and supported.share >= LEAST_SHARE,
        text=f"`supported` is the rule and can be relied on: {percent(supported.share)} of images "
        f"are supported (at least {percent(LEAST_SHARE, 0)} is asked), and there the first "
        f"explanation names the network's class for {percent(supported.fidelity)} (at least "
        f"{percent(LEAST_FIDELITY, 0)}).",
    )


def _rising(shift: tuple[ShiftFigures, ...]) -> Sentence:
    if not shift:
        return Sentence(holds=None, text="No shifted images were sent.")
    kinds = {kind: [*rows] for kind, rows in groupby(shift, lambda one: one.kind)}
    not_rising = [kind for kind, rows in kinds.items() if not rises(rows)]
    told = "Replies grow more careful as images change: the share that is not `supported` rises "
    ending = (
        f"with {_listed([*kinds])}."
        if not not_rising
        else f"with the severity of every change but {_listed(not_rising)}."
    )
    return Sentence(holds=not not_rising, text=told + ending)


def _under_shift(shift: tuple[ShiftFigures, ...]) -> Sentence:
    least = percent(LEAST_SUPPORTED_FIDELITY, 0)
    told = f"On changed images, too, `supported` explanations are at least {least} faithful"
    if not shift:
        return Sentence(holds=None, text=f"Not measured: {told[0].lower()}{told[1:]}.")
    found = unfaithful(shift)
    places = [
        f"{one.kind} {one.severity} ({percent(one.supported_fidelity, 1)} of the "
        f"{percent(one.supported, 1)} supported)"
        for one in found
    ]
    ending = f", but not under {_listed(places)}." if found else "."
    return Sentence(holds=not found, text=told + ending)


def _stranger(one: StrangerFigures) -> Sentence:
    return Sentence(
        holds=one.not_supported >= LEAST_NOT_SUPPORTED,
        text=f"Strangers are noticed: {percent(one.not_supported)} of {one.name} "
        f"are not `supported` (at least {percent(LEAST_NOT_SUPPORTED, 0)} is asked)"
        f"{_named_of(one)}.",
    )


def _named_of(one: StrangerFigures) -> str:
    if one.supported_fidelity is None:
        return ""
    named = percent(one.supported_fidelity, 1)
    return f"; the explanation names the network's class for {named} of those that are"


def brought_words(figures: AssessmentFigures) -> str:
    """Say that a network that was brought may know the images; "" for one trained here."""
    if figures.network_trained_here:
        return ""
    return " The network was brought to the fit, and may have been trained on some of them."


def _named(shares: tuple[ShareFigures, ...], name: str) -> ShareFigures:
    return next(one for one in shares if one.name == name)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
