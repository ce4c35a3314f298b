from explainers.arrays import ByteArray
from reasoned.cli.explanation_text import text
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.pages.path_words import CAUTION, change_words, unmet_words
from reasoned.reply.bodies import ClassName, PathChange, UnmetTest
from reasoned.reply.schema import PathEvidence
from tests.reasoned.astray import reasons

TEST = UnmetTest(
    feature="distance to 1 minus distance to 7",
    value=-2.86,
    test=">",
    threshold=0.34,
    outcome=False,
    by=3.2,
    text="closer to 7 clusters than to 1 clusters by more than 0.34",
)
CHANGE = PathChange(
    leaf="leaf-4", names=ClassName(label="seven", index=7), distance=3.2, unmet=[TEST]
)


def test_one_test_in_words() -> None:
    assert change_words(CHANGE) == (
        "The smallest change after which the path would name another class: leaf-4, seven, 3.2 "
        "away. There one test would have to turn out otherwise:"
    )
    assert unmet_words(TEST) == "-2.86 is not > 0.34, off by 3.2"


def test_several_tests_are_counted_and_none_is_said() -> None:
    two = CHANGE.model_copy(update={"unmet": [TEST, TEST]})

    assert "There 2 tests would have to" in change_words(two)
    assert change_words(None).startswith("Every leaf names the same class")


def test_text_and_page_tell_the_change_and_that_it_is_one_of_the_trace(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    reply = digits_model.explain(digits_images[0], explain="full")
    path = next(e for e in reasons(reply).evidence if isinstance(e, PathEvidence))
    change = path.body.change
    printed, shown = text(reply), page(digits_model, reply, digits_images[0])

    assert change is not None
    for found in (printed, shown):
        assert change_words(change) in found
        assert CAUTION in found
    for test in change.unmet:
        assert f"    {test.text} ({unmet_words(test)})\n" in printed
        assert test.text in shown
    assert change_words(change) not in reasons(reply).sentence


def test_where_all_leaves_agree_nothing_is_listed(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    reply = digits_model.explain(digits_images[0], explain="full")
    said = reasons(reply)
    alike = [
        e.model_copy(update={"body": e.body.model_copy(update={"change": None})})
        if isinstance(e, PathEvidence)
        else e
        for e in said.evidence
    ]
    changed = reply.model_copy(update={"explanation": said.model_copy(update={"evidence": alike})})

    for found in (text(changed), page(digits_model, changed, digits_images[0])):
        assert "Every leaf names the same class" in found
        assert CAUTION not in found
