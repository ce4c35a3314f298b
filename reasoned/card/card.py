"""A whole model card."""

from reasoned.card.evidence_sections import fidelity, methods
from reasoned.card.header import header
from reasoned.card.introduction import introduction
from reasoned.card.limit_sections import limits
from reasoned.card.markdown import code, plain
from reasoned.card.origin import data_and_network, reproduction
from reasoned.card.subject import Subject
from reasoned.card.trust_sections import reliability, shifted


def model_card(subject: Subject) -> str:
    """Write the card as Markdown under its YAML header."""
    parts = [
        header(subject),
        introduction(subject),
        data_and_network(subject),
        methods(subject),
        fidelity(subject),
        reliability(subject),
        shifted(subject),
        limits(subject),
        reproduction(subject),
    ]
    if subject.measured is not None:
        parts += [
            f"The figures were measured on {plain(subject.measured.data)} by:",
            code(subject.measured.command),
        ]
    return "\n\n".join(parts) + "\n"
