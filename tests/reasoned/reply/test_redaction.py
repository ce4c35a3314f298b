import orjson

from explainers.arrays import ByteArray
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.redaction import redact
from reasoned.reply.schema import Reply
from tests.reasoned.pointing import pointed

FULL = ReplyOptions(explain="full")


def test_a_stored_reply_loses_what_is_withheld_and_stays_a_reply(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = pointed(digits_model)
    for image in digits_images[:40]:
        body = model.reply(image, FULL)
        before = Reply.model_validate_json(body)
        assert before.contrast is not None
        gone = {before.examples[0].id, before.examples[3].id, before.contrast.id}

        left = redact(body, frozenset(gone))

        after = Reply.model_validate_json(left)
        assert not any(one.encode() in left for one in gone)
        assert after.examples == [one for one in before.examples if one.id not in gone]
        assert after.contrast is None
        assert after.prediction == before.prediction
        assert after.explanation is not None
        assert "(withheld)" in after.explanation.evidence[0].sentence


def test_other_replies_stay_byte_for_byte(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    body = digits_model.reply(digits_images[0], FULL)
    named = {one["id"] for one in orjson.loads(body)["examples"]}
    others = frozenset(one for one in digits_model.thumbnails if one.encode() not in body)

    assert named
    assert others
    assert redact(body, others) == body
    assert redact(body, frozenset()) is body
