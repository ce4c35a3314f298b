"""A sum of parts in words, for somebody who has never heard of one."""

import dataclasses
from typing import final

from reasoned.pages.region_words import parting_words
from reasoned.reply.bodies import Part, PartsBody
from reasoned.reply.schema import PartsEvidence

MOST_PARTS = 12


@final
@dataclasses.dataclass(frozen=True)
class Term:
    """One line of a sum.

    Attributes
    ----------
    name
        What is added.
    product
        How it came about, or empty.
    amount
        How much it adds.
    relevance
        Of a part; None for what is no part.

    """

    name: str
    product: str
    amount: float
    relevance: float | None = None


def most_relevant(body: PartsBody) -> list[Part]:
    """Order the parts by their relevance, whatever its sign, and leave out those beyond twelve."""
    return sorted(body.parts, key=lambda part: -abs(part.relevance))[:MOST_PARTS]


def terms(body: PartsBody) -> list[Term]:
    """List the most relevant parts, the bias and what all others add up to."""
    shown = most_relevant(body)
    found = [
        Term(part.name, f"{part.value:.3g} x {part.weight:.3g}", part.contribution, part.relevance)
        for part in shown
    ]
    others = body.total - body.bias - sum(part.contribution for part in shown)
    found.append(Term("bias", "", body.bias))
    return found + ([Term("all others", "", others)] if round(others, 3) else [])


def led_words(evidence: PartsEvidence) -> str:
    """Name the evidence by its method and its region."""
    return evidence.method + ("" if evidence.region is None else f", {evidence.region}")


def total_words(evidence: PartsEvidence) -> str:
    """Name what the parts add up to."""
    body = evidence.body
    if body.by_design is None or evidence.names is None:
        return body.score
    return f"the interpreter's score for {evidence.names.label} ({body.score})"


def origin_words(body: PartsBody) -> str:
    """Say when what is summed was trained, or nothing where nothing was."""
    if body.by_design is None:
        return ""
    if body.by_design:
        return "The interpreter was trained together with the network (by design)."
    return "The interpreter was trained afterwards, for the fixed network."


def apart_words(evidence: PartsEvidence, label: str) -> str:
    """Say that the sum is that of another class than the network's, if it is."""
    if evidence.body.by_design is None:
        return parting_words("This sum is that of", evidence.names, label)
    if evidence.agrees or evidence.names is None:
        return ""
    return (
        f"The interpreter speaks for {evidence.names.label}; the network says {label}. The two "
        "disagree, so these attributes do not explain the network's answer."
    )


def threshold_words(body: PartsBody) -> str:
    """Say what the threshold means, or nothing where there is none."""
    if body.threshold is None:
        return ""
    return (
        f"Those above the threshold of {body.threshold:.3g} are the local interpretation: each "
        f"adds more than {100 * body.threshold:.3g} % of the largest contribution."
    )


def dashed_words(body: PartsBody) -> str:
    """Say what bars and the dashed line mean, or nothing where there is no line."""
    if body.threshold is None:
        return ""
    return (
        f"Attributes past the dashed line ({100 * body.threshold:.3g} % of the largest) are "
        "counted as the explanation. Bars to the left speak against the class and never count."
    )


def leading_part(body: PartsBody) -> str:
    """Name the part that raises the score most, or nothing where none does."""
    found = max(body.parts, key=lambda part: part.contribution, default=None)
    return "" if found is None or found.contribution <= 0.0 else found.name


def nothing_words(body: PartsBody) -> str:
    """Say that no part adds anything, if that is so."""
    if any(part.relevance for part in body.parts):
        return ""
    return "No part adds anything to this score."
