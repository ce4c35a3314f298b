"""The contract itself."""

import json
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError

from explainers.arrays import ByteArray
from explainers.status import STATUSES
from reasoned.model import ExplainedModel
from reasoned.reply import schema
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Frozen, Problem, Reliability, Reply, Statement


def models() -> list[type[BaseModel]]:
    found = [getattr(schema, name) for name in dir(schema)]
    return [
        one
        for one in found
        if isinstance(one, type) and issubclass(one, BaseModel) and one is not BaseModel
    ]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_model_is_frozen_and_takes_nothing_else(model: type[BaseModel]) -> None:
    assert model.model_config["frozen"] is True
    # RFC 9457 lets problem details carry extension members.
    assert model.model_config["extra"] == ("allow" if model is Problem else "forbid")
    assert model is Problem or issubclass(model, Frozen)


def test_the_statuses_are_those_of_the_rule() -> None:
    assert get_args(schema.Status) == STATUSES


def test_a_reply_survives_the_contract_byte_for_byte(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    for image in digits_images[:50]:
        plain = json.loads(digits_model.reply(image, ReplyOptions(explain="full")))

        assert Reply.model_validate(plain).model_dump(mode="json") == plain


def test_an_unknown_field_or_form_is_refused(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    plain = json.loads(digits_model.reply(digits_images[0]))
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Reply.model_validate({**plain, "time": 1})

    plain["explanation"]["evidence"][0]["form"] = "poem"
    with pytest.raises(ValidationError, match="'path', 'region', 'parts', 'regression'"):
        Reply.model_validate(plain)


@pytest.mark.parametrize("wrong", [{"lower": 1.1}, {"of": -1}, {"calibration": "unknown"}])
def test_impossible_counts_are_refused(wrong: dict[str, object]) -> None:
    sound: dict[str, object] = {"agreed": 1, "of": 2, "estimate": 0.5, "lower": 0.1, "cnn_right": 1}
    sound |= {"calibration": "held_out"}
    Reliability.model_validate(sound)
    with pytest.raises(ValidationError):
        Reliability.model_validate(sound | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimate": None},
        {"estimate": 1.1},
        {"lower": -0.1},
        {"of": -1},
        {"company": -1},
        {"group": 3},
        {"calibration": "unknown"},
    ],
)
def test_impossible_statements_are_refused(wrong: dict[str, object]) -> None:
    sound: dict[str, object] = {"agreed": 1, "of": 2, "estimate": 0.5, "lower": 0.1, "cnn_right": 1}
    sound |= {"group": "weak meta_forest 0", "company": 0, "calibration": "held_out"}
    Statement.model_validate(sound)
    Statement.model_validate(sound | {"company": None})
    with pytest.raises(ValidationError):
        Statement.model_validate(sound | wrong)
