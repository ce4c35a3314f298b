"""A deadline that passes, and a first choice that goes astray."""

import time

import pytest

from explainers.arrays import ByteArray
from reasoned.deadline import Clock
from reasoned.model import ExplainedModel
from reasoned.reply.options import Explain, ReplyOptions
from reasoned.reply.schema import Reply
from tests.reasoned.astray import METHODS, Astray, led_by, reasons


@pytest.mark.parametrize("explain", ["trace", "full"])
@pytest.mark.parametrize("methods", METHODS)
def test_past_the_deadline_the_class_comes_back_with_what_was_skipped(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    explain: Explain,
    methods: tuple[str, ...] | None,
) -> None:
    options = ReplyOptions(explain, methods, deadline_ms=5)
    data = digits_model.reply(digits_images[0], options, started=time.perf_counter() - 1)
    reply = Reply.model_validate_json(data)
    found = reasons(reply)

    assert reply.prediction == digits_model.predict(digits_images[0])
    assert (reply.examples, reply.contrast, found.evidence) == ([], None, [])
    assert (found.status, found.carrier, found.names, found.agrees) == (None, None, None, None)
    ran = [name for name in digits_model.methods if methods is None or name in methods]
    assert [skip.step for skip in found.skipped] == ["examples", *ran]
    assert {skip.reason for skip in found.skipped} == {"the deadline of 5 ms had passed"}
    assert found.sentence == "Not explained: the deadline of 5 ms had passed."


def test_with_no_explanation_asked_a_deadline_changes_nothing(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    plain = digits_model.reply(digits_images[0], ReplyOptions(explain="none"))
    late = digits_model.reply(
        digits_images[0], ReplyOptions(explain="none", deadline_ms=1), started=0.0
    )

    assert plain == late


def test_the_clock_counts_from_the_arrival() -> None:
    now = time.perf_counter()

    assert Clock(now - 10, None).late() is None
    assert Clock(now, 1e9).late() is None
    assert Clock(now - 1, 2.5).late() == "the deadline of 2.5 ms had passed"


def test_a_method_that_the_deadline_overtakes_leaves_the_rest_out(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    image, started = digits_images[0], time.perf_counter()
    wrong = (digits_model.predict(image).index + 1) % 10
    explaining = led_by(digits_model, Astray(wrong, until=started + 0.5))
    data = explaining.reply(image, ReplyOptions(deadline_ms=450), "x", started)
    found = reasons(Reply.model_validate_json(data))

    assert [evidence.method for evidence in found.evidence] == ["astray"]
    assert [(skip.step, skip.reason) for skip in found.skipped] == [
        ("additive", "the deadline of 450 ms had passed")
    ]
    assert (found.carrier, found.agrees) == (None, False)


@pytest.mark.parametrize("named", range(10))
def test_whatever_the_first_choice_names_the_carrier_names_the_networks_class(
    digits_model: ExplainedModel, digits_images: list[ByteArray], named: int
) -> None:
    explaining = led_by(digits_model, Astray(named))
    for image in digits_images[:20]:
        data = explaining.reply(image, ReplyOptions(), "x", None)
        reply = Reply.model_validate_json(data)
        found, agrees = reasons(reply), named == reply.prediction.index

        assert (found.agrees, found.carrier) == (agrees, "astray" if agrees else "additive")
        assert found.names is not None
        assert found.names.index == reply.prediction.index
        assert ("So it is." in found.sentence) == agrees


def test_seen_calibration_images_are_said_to_be_seen(
    digits_model: ExplainedModel, noise: list[ByteArray]
) -> None:
    explaining = led_by(digits_model, Astray(3))
    data = explaining.reply(noise[0], ReplyOptions(), "x", None)
    found = reasons(Reply.model_validate_json(data))

    assert found.reliability is not None
    assert found.reliability.calibration == "may_have_been_seen"
    assert "which the network may have been trained on" in found.sentence
