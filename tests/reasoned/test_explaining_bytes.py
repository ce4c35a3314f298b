"""The bytes of a reply: equal, rounded, and safe for any label."""

import dataclasses
import json
from typing import final

from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.arrays import ByteArray
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply
from tests.reasoned.astray import SHA, reasons


def test_the_same_image_twice_gives_the_same_bytes(
    digits_model: ExplainedModel, digits_folder: object, digits_images: list[ByteArray]
) -> None:
    again = ExplainedModel.load(str(digits_folder))
    for image in digits_images[::20]:
        options = ReplyOptions(explain="full", neighbours=20)
        first = digits_model.reply(image, options)

        assert digits_model.reply(image.copy(), options) == first
        assert again.reply(image, options) == first


def decimals(found: object, where: str = "") -> list[tuple[str, int]]:
    """List (field, digits behind the point) of every number that was written with one."""
    if isinstance(found, dict):
        return [pair for key, value in found.items() for pair in decimals(value, key)]
    if isinstance(found, list):
        return [pair for value in found for pair in decimals(value, where)]
    return [(where, len(found.rpartition(".")[2]))] if isinstance(found, Decimal) else []


@final
class Decimal(str):
    """A number as it was written."""

    __slots__ = ()


def test_floats_are_rounded_to_the_stated_digits(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    most = {"distance": 4, "vote": 4, "threshold": 6}
    for image in digits_images[::10]:
        data = digits_model.reply(image, ReplyOptions(explain="full", neighbours=20))
        plain = decimals(json.loads(data, parse_float=Decimal))
        assert {field for field, _ in plain} >= {"probability", "distance", "vote", "lower"}
        assert [pair for pair in plain if pair[1] > most.get(pair[0], 6)] == []


LABELS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"])), min_size=10, max_size=10, unique=True
)


AWKWARD = ["100%", "%s", "%(a)d", '"', "\\", "\u2028", "\x00", "é→鳥", "{}", "'"]


@settings(max_examples=40)
@given(labels=LABELS | st.just(AWKWARD))
def test_any_label_survives_in_every_part_of_the_reply(
    digits_model: ExplainedModel, digits_images: list[ByteArray], labels: list[str]
) -> None:
    names = tuple(labels)
    parts = digits_model.explaining.parts
    explainers = {
        key: dataclasses.replace(method, class_names=names)  # type: ignore[call-arg]  # both have it
        for key, method in parts.explainers.items()
    }
    renamed = dataclasses.replace(parts, classes=names, explainers=explainers)
    explaining = Explaining.of(renamed, '100% "model"', "1\\2", SHA)
    options = ReplyOptions(explain="full", neighbours=20)
    for image in digits_images[:3]:
        reply = Reply.model_validate_json(explaining.reply(image, options, "%s", None))

        plain = digits_model.explain(image, explain="full", neighbours=20)
        assert reply.prediction.label == names[plain.prediction.index]
        assert [e.label for e in reply.examples] == [names[int(e.label)] for e in plain.examples]
        assert reply.contrast is not None
        assert plain.contrast is not None
        assert reply.contrast.predicted == names[int(plain.contrast.predicted)]
        for one, other in zip(reasons(reply).evidence, reasons(plain).evidence, strict=True):
            assert one.names is not None
            assert other.names is not None
            assert one.names.label == names[other.names.index]
            assert names[other.names.index] in one.sentence
        assert (reply.model.name, reply.model.version) == ('100% "model"', "1\\2")
