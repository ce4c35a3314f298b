import json
from typing import Any

import pytest

from deploy.trial.asking import check_reply
from deploy.trial.errors import TrialError
from reasoned.model import ExplainedModel


@pytest.fixture(scope="module")
def reply(digits_model: ExplainedModel) -> dict[str, Any]:
    picture = next(iter(digits_model.thumbnails.values()))
    found: dict[str, Any] = json.loads(digits_model.explain(picture).model_dump_json())
    return found


def test_a_reply_of_the_service_passes(reply: dict[str, Any]) -> None:
    check_reply(reply, reply["prediction"]["label"])


def test_another_class_is_refused(reply: dict[str, Any]) -> None:
    with pytest.raises(TrialError, match="the same model outside of it 'boot'"):
        check_reply(reply, "boot")


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("explanation", None, "explanation with evidence, but has none"),
        ("explanation", {"evidence": []}, "explanation with evidence, but has none"),
        ("examples", [], "training examples, but has none"),
    ],
)
def test_a_reply_without_its_reasons_is_refused(
    reply: dict[str, Any], part: str, value: object, words: str
) -> None:
    with pytest.raises(TrialError, match=words):
        check_reply({**reply, part: value}, reply["prediction"]["label"])
