"""What is nearest to turning a reply into another."""

from explainers.arrays import ByteArray
from reasoned.assessment.worst_words import change_words, closest_words
from reasoned.model import ExplainedModel
from reasoned.reply.schema import PathEvidence


def test_the_smallest_change_of_the_trace_is_told(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    reply = digits_model.explain(parting[0], explain="full")
    assert reply.explanation is not None
    path = next(one for one in reply.explanation.evidence if isinstance(one, PathEvidence))
    change = path.body.change
    assert change is not None

    words = change_words(reply)

    assert f"after which it would name {change.names.label}" in words
    assert all(test.text in words for test in change.unmet)


def test_nothing_is_told_of_what_is_not_there(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    reply = digits_model.explain(parting[0], explain="none")

    assert change_words(reply) == ""
    assert closest_words(reply) == ""
