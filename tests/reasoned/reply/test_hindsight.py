"""What was answered before, under a disclosure that came later."""

import orjson
import pytest

from explainers.arrays import ByteArray
from reasoned.model import ExplainedModel
from reasoned.reply.disclosure import Disclosure, Mode
from reasoned.reply.hindsight import Hindsight
from reasoned.reply.mentions import NOTHING, Mentions
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply
from tests.reasoned.pointing import pointed

FULL = ReplyOptions(explain="full")
OURS, OTHER = "ab" * 32, "cd" * 32
CITED = (("leaf", "train-1"), ("example", "train-1"), ("example", "train-2"), ("prototype", "a"))


def hindsight(model: ExplainedModel, mode: Mode) -> Hindsight:
    now = model.disclosing(Disclosure(mode))
    return Hindsight(now.sha256, now.disclosure, now.hidden)


def small(mode: Mode, *hidden: str) -> Hindsight:
    return Hindsight(OURS, Disclosure(mode), Mentions(frozenset(hidden)))


@pytest.mark.parametrize("mode", ["prototype", "off"])
def test_no_training_image_is_named_in_an_older_reply(
    digits_model: ExplainedModel, digits_images: list[ByteArray], mode: Mode
) -> None:
    model = pointed(digits_model)
    now = hindsight(model, mode)
    for image in digits_images[:40]:
        body = model.reply(image, FULL)
        before = Reply.model_validate_json(body)
        assert any(one.encode() in body for one in model.thumbnails)

        left = now.reply(body, model.sha256, "thumbnail rounded")

        assert left is not None
        after = Reply.model_validate_json(left)
        assert not any(one.encode() in left for one in model.thumbnails)
        assert b".png" not in left
        assert (after.examples, after.contrast) == ([], None)
        assert after.prediction == before.prediction
        assert after.explanation is not None
        assert before.explanation is not None
        assert after.explanation.reliability == before.explanation.reliability


def test_where_no_pictures_are_shown_none_are_linked(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = pointed(digits_model)
    body = model.reply(digits_images[0], FULL)
    before = Reply.model_validate_json(body)
    assert b"/v1/examples/" in body
    assert b"/v1/regions/" in body

    left = hindsight(model, "id").reply(body, model.sha256, "full exact")

    assert left is not None
    after = Reply.model_validate_json(left)
    assert b".png" not in left
    assert [one.id for one in after.examples] == [one.id for one in before.examples]
    answered = model.disclosing(Disclosure("id")).reply(digits_images[0], FULL)
    assert orjson.loads(left) == orjson.loads(answered)  # no more is lost than it would lose now


@pytest.mark.parametrize("mode", ["full", "thumbnail", "id", "prototype", "off"])
def test_what_was_answered_in_the_same_mode_stays_byte_for_byte(
    digits_model: ExplainedModel, digits_images: list[ByteArray], mode: Mode
) -> None:
    now = digits_model.disclosing(Disclosure(mode))
    body = now.reply(digits_images[0], FULL)

    assert hindsight(digits_model, mode).reply(body, now.sha256, now.disclosure.word) == body


def test_off_shows_no_groups_that_older_replies_named(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    body = digits_model.disclosing(Disclosure("prototype")).reply(digits_images[0], FULL)
    assert Reply.model_validate_json(body).examples

    left = hindsight(digits_model, "off").reply(body, digits_model.sha256, "prototype exact")

    assert left is not None
    assert Reply.model_validate_json(left).examples == []
    assert b".png" not in left


def test_examples_go_even_if_their_ids_were_not_known(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    body = digits_model.reply(digits_images[0], ReplyOptions())

    left = small("prototype").reply(body, OURS, "full exact")

    assert left is not None
    after = Reply.model_validate_json(left)
    assert (after.examples, after.contrast) == ([], None)


@pytest.mark.parametrize("word", ["thumbnail rounded", "full exact withheld:0f3a5c77d1e2", "?"])
def test_another_models_ids_are_not_known_so_its_reply_is_not_shown(word: str) -> None:
    assert small("off").reply(b'{"examples":[]}', OTHER, word) is None
    assert small("off").reply(b'{"examples":[]}', OTHER, "prototype exact") is not None
    assert small("id").reply(b'{"examples":[]}', OTHER, word) is not None


@pytest.mark.parametrize("told", [b"{", b"[]", b'{"id":"train-1"}', b"\xff"])
def test_what_is_no_reply_is_not_shown_where_ids_must_go(told: bytes) -> None:
    assert small("off", "train-1").reply(told, OURS, "full exact") is None


def test_citations_of_training_images_are_left_out_and_nothing_else() -> None:
    assert small("full").cited(CITED) == CITED
    assert small("id", "train-1").cited(CITED) == (CITED[0], CITED[2], CITED[3])
    assert small("prototype").cited(CITED) == (CITED[0], CITED[3])
    assert small("off").cited(CITED) == (CITED[0], CITED[3])


def test_nothing_is_taken_out_where_nobody_asks_for_it() -> None:
    reply = b'{"id":"?",  "share":0.10}'

    assert Hindsight().reply(reply, OTHER, "full exact") is reply
    assert Hindsight().hidden is NOTHING
