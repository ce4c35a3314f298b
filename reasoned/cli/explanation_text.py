"""One explanation as text for a terminal."""

from reasoned.pages.parts_words import (
    apart_words,
    led_words,
    nothing_words,
    origin_words,
    terms,
    threshold_words,
    total_words,
)
from reasoned.pages.path_words import CAUTION, change_words, unmet_words
from reasoned.pages.region_words import (
    closest_words,
    counted_words,
    held_words,
    nearest_sides,
    parting_words,
    where_words,
)
from reasoned.pages.regression_words import (
    certain_words,
    component_words,
    disagreeing_words,
    residual_words,
    share_words,
)
from reasoned.reply.schema import (
    PartsEvidence,
    PathEvidence,
    RegionEvidence,
    RegressionEvidence,
    Reply,
)


def text(reply: Reply) -> str:
    """Write a reply as lines: class, sentence, evidence and examples."""
    found, said = reply.prediction, reply.explanation
    lines = [f"{found.label}  ({100 * found.probability:.1f} %)", ""]
    if said is not None:
        lines += [said.sentence, "", f"status   {said.status}", f"carrier  {said.carrier}"]
        for one in said.evidence:
            lines += ["", *_evidence(one, found.label)]
    if reply.examples:
        lines += ["", "Nearest representative examples:"]
    lines += [
        f"  {e.id}  {e.label}  (distance {e.distance:.2f}, stands for {e.stands_for})"
        for e in reply.examples
    ]
    if (other := reply.contrast) is not None:
        lines += [
            f"Nearest of another class: {other.id}  {other.predicted}  ({other.distance:.2f})"
        ]
    return "\n".join(lines)


def _evidence(evidence: object, label: str) -> list[str]:
    if isinstance(evidence, PathEvidence):
        return _path(evidence)
    if isinstance(evidence, PartsEvidence):
        return _sum(evidence, label)
    if isinstance(evidence, RegressionEvidence):
        return _regression(evidence, label)
    return _polytope(evidence, label) if isinstance(evidence, RegionEvidence) else []


def _path(evidence: PathEvidence) -> list[str]:
    body = evidence.body
    steps = [f"  {s.value:>10.2f} {s.test:>2} {s.threshold:<8g} {s.text}" for s in body.steps]
    lines = [f"{evidence.method}, {evidence.region}, vote {body.vote:.2f}:", *steps]
    lines.append(f"  {change_words(body.change)}")
    if body.change is None:
        return lines
    lines += [f"    {unmet.text} ({unmet_words(unmet)})" for unmet in body.change.unmet]
    return [*lines, f"  {CAUTION}"]


def _sum(evidence: PartsEvidence, label: str) -> list[str]:
    body = evidence.body
    words = (
        apart_words(evidence, label),
        origin_words(body),
        nothing_words(body),
        threshold_words(body),
    )
    lines = [f"{led_words(evidence)}, {total_words(evidence)} = {body.total:.3f}:"]
    lines += [f"  {line}" for line in words if line]
    if body.parts:
        lines.append("   relevance  contribution")
    for term in terms(body):
        relevance = "" if term.relevance is None else f"{term.relevance:+.2f}"
        product = f" ({term.product})" if term.product else ""
        lines.append(f"  {relevance:>10}  {term.amount:+12.3f}  {term.name}{product}")
    return [*lines, f"  {'':10}  {body.total:+12.3f}  {total_words(evidence)}"]


def _regression(evidence: RegressionEvidence, label: str) -> list[str]:
    body = evidence.body
    words = (
        disagreeing_words(evidence, label),
        component_words(body),
        share_words(body),
        residual_words(body),
    )
    region = "" if evidence.region is None else f", {evidence.region}"
    lines = [f"{evidence.method}{region}, {body.score}, predicted {body.predicted:.3f}:"]
    lines += [f"  {line}" for line in words if line]
    if body.parts:
        lines.append("   relevance  contribution")
    lines += [
        f"  {part.relevance:>+10.2f}  {part.contribution:+12.3f}  {part.name} ({part.value:.3g} x "
        f"{part.weight:.3g}; weight {certain_words(part)})"
        for part in body.parts
    ]
    others = ((body.intercept, "constant"), (body.rest, "all others"), (body.predicted, body.score))
    return lines + [f"  {'':10}  {amount:+12.3f}  {name}" for amount, name in others]


def _polytope(evidence: RegionEvidence, label: str) -> list[str]:
    body = evidence.body
    region = "" if evidence.region is None else f", {evidence.region}"
    parted = parting_words("This polytope is one of", evidence.names, label)
    words = (parted, where_words(evidence), held_words(evidence), closest_words(body.closest))
    lines = [f"{evidence.method}{region}:", *(f"  {line}" for line in words if line)]
    groups, more = nearest_sides(body)
    if groups:
        lines.append("  Its sides by class, the smallest margin of each in logits:")
    lines += [
        f"  {group.margin:+10.3f}  towards {group.label} ({counted_words(group.count)}"
        f"{', the closest' if group.closest else ''})"
        for group in groups
    ]
    lines += [f"              and {more} more classes, farther away"] if more else []
    if body.similar:
        lines.append("  Similar training images inside, and by how many logits they differ:")
    return lines + [f"    {e.id}  (distance {e.distance:.2f} logits)" for e in body.similar]
