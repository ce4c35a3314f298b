"""A recorded answer computed again."""

import dataclasses
import re
from typing import Any, cast, final

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import ByteArray
from reasoned.deadline import Clock
from reasoned.errors import ReplayError
from reasoned.ledger.decision import Decision, Kept, KeptKind
from reasoned.model import ExplainedModel
from reasoned.replay.replay import replay
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.options import DEFAULT, ReplyOptions
from tests.reasoned.replay.recorded import recorded, row

OPTIONS = (
    ReplyOptions(),
    ReplyOptions("full", neighbours=20),
    ReplyOptions(neighbours=0),
    ReplyOptions(methods=("additive",)),
    ReplyOptions("full", ("additive", "meta_forest"), 1, 60_000.0),
)
KEEPS: tuple[KeptKind, ...] = ("image", "pixels", "activations")
DISCLOSURES = (FULL, Disclosure("thumbnail", rounded=True), Disclosure("id"), Disclosure("off"))


@pytest.fixture(scope="module")
def decision(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> Decision:
    return recorded(digits_model, digits_images[0], ReplyOptions("full"))


@pytest.mark.parametrize("keep", KEEPS)
@pytest.mark.parametrize("reply", [True, False])
def test_every_answer_comes_out_equal(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    keep: KeptKind,
    *,
    reply: bool,
) -> None:
    for number, options in enumerate(OPTIONS):
        disclosure = DISCLOSURES[number % len(DISCLOSURES)]
        image = digits_images[7 * number]
        told = recorded(digits_model, image, options, keep, disclosure, number=number, reply=reply)

        found = replay(told, digits_model.disclosing(disclosure))

        assert (found.equal, found.finding, found.kept) == (True, None, keep)
        assert found.bytes_compared == reply
        assert ("the reply's bytes: no reply is kept" in found.left_out) == (not reply)
        assert any("image digest" in words for words in found.left_out) == (keep == "activations")


def test_an_answer_that_disagrees_comes_out_equal(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    for image in parting[:5]:
        assert replay(recorded(digits_model, image), digits_model).equal


def test_another_model_is_refused_and_both_are_named(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    other = dataclasses.replace(digits_model, sha256="0" * 64)

    with pytest.raises(ReplayError, match=f"by the model {digits_model.sha256}, but this is 0000"):
        replay(decision, other)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (None, "nothing is kept of the image of 0000.* REASONED_LEDGER_KEEP=image"),
        (Kept("thumbnail", b""), "only a thumbnail is kept .* REASONED_LEDGER_KEEP=activations"),
    ],
)
def test_where_too_little_is_kept_it_says_which_setting_keeps_more(
    digits_model: ExplainedModel, decision: Decision, kept: Kept | None, words: str
) -> None:
    with pytest.raises(ReplayError, match=words):
        replay(dataclasses.replace(decision, kept=kept), digits_model)


@pytest.mark.parametrize("options", ["", "[]", "{}", '{"explain":"all","methods":null}'])
def test_broken_options_are_refused(
    digits_model: ExplainedModel, decision: Decision, options: str
) -> None:
    with pytest.raises(ReplayError, match="the row's options are not those of a reply"):
        replay(dataclasses.replace(decision, options=options), digits_model)


def said(decision: Decision) -> dict[str, Any]:
    assert decision.reply is not None
    found: dict[str, Any] = orjson.loads(decision.reply)
    return found


def test_a_changed_field_of_the_reply_is_found_at_its_step(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    changes: dict[str, tuple[tuple[str | int, ...], object]] = {
        "model": (("model", "version"), "2"),
        "prediction": (("prediction", "top", 1, "probability"), 0.25),
        "examples": (("examples", 2, "distance"), 9.5),
        "contrast": (("contrast", "id"), "train-000000"),
        "status": (("explanation", "status"), "weak"),
        "evidence": (("explanation", "evidence", 1, "method"), "other"),
        "evidence of meta_forest": (("explanation", "evidence", 0, "body", "vote"), 0.125),
        "evidence of additive": (("explanation", "evidence", 1, "body", "bias"), 7.0),
        "reliability": (("explanation", "reliability", "agreed"), 0),
        "carrier": (("explanation", "carrier"), "additive"),
        "sentence": (("explanation", "sentence"), "Because."),
        "whole bytes": (("exact",), None),
    }
    for step, (path, value) in changes.items():
        told = said(decision)
        place: Any = told
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

        found = replay(dataclasses.replace(decision, reply=orjson.dumps(told)), digits_model)

        assert found.step == step
        assert found.finding is not None
        if step != "whole bytes":
            assert orjson.dumps(value).decode() in found.finding


def test_a_changed_figure_of_the_row_is_found_at_its_step(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    assert decision.nearest is not None
    cited = decision.cited
    leaf = next(one for one in cited if one[0] == "leaf")
    changes: dict[str, dict[str, object]] = {
        "image digest": {"image_sha256": "0" * 64},
        "prediction": {"confidence": decision.confidence / 2},
        "examples": {"nearest": decision.nearest + 1e-9},
        "status": {"first": "additive"},
        "carrier": {"agrees": False},
        "citations": {"cited": tuple(one for one in cited if one != leaf)},
    }
    for reply in (decision.reply, None):
        for step, change in changes.items():
            found = replay(
                dataclasses.replace(decision, reply=reply, **change),  # type: ignore[arg-type]  # fields of it
                digits_model,
            )
            assert found.step == step


@pytest.mark.parametrize(
    ("before", "after", "step", "words"),
    [
        ("example", None, "examples", "was not cited, and is"),
        (None, ("example", "train-999999"), "examples", "train-999999 was cited, and is not"),
        ("cluster", ("cluster", "no such"), "examples", "cluster .* was not cited, and is"),
        ("leaf", ("leaf", "leaf-0"), "citations", "leaf-0 was cited, and is not"),
        (None, ("leaf", "leaf-0"), "citations", "leaf-0 was cited, and is not"),
    ],
)
def test_a_changed_citation_is_found(
    digits_model: ExplainedModel,
    decision: Decision,
    before: str | None,
    after: tuple[str, str] | None,
    step: str,
    words: str,
) -> None:
    cited = list(decision.cited)
    if before is not None:
        cited.remove(next(one for one in cited if one[0] == before))
    if after is not None:
        cited.append(after)

    found = replay(dataclasses.replace(decision, cited=tuple(cited)), digits_model)

    assert found.step == step
    assert found.finding is not None
    assert re.search(words, found.finding)


@given(place=st.integers(0, 10**9), shift=st.integers(1, 255))
def test_no_changed_byte_of_the_reply_goes_unseen(
    digits_model: ExplainedModel, decision: Decision, place: int, shift: int
) -> None:
    assert decision.reply is not None
    data = bytearray(decision.reply)
    place %= len(data)
    data[place] = (data[place] + shift) % 256

    found = replay(dataclasses.replace(decision, reply=bytes(data)), digits_model)

    assert found.step is not None


def test_what_is_no_json_is_found_by_its_first_byte(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    assert decision.reply is not None
    place = decision.reply.index(b'"examples"') + 12
    data = decision.reply[:place] + b"}" + decision.reply[place + 1 :]

    found = replay(dataclasses.replace(decision, reply=data), digits_model)

    assert found.step == "whole bytes"
    assert found.finding is not None
    assert found.finding.startswith(f"byte {place} of {len(data)}, after the name 'examples': ")


def test_a_figure_of_the_model_that_was_another_is_found_at_the_first_step_it_reaches(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    parts = digits_model.explaining.parts
    additive = parts.explainers["additive"]
    changed: dict[str, dict[str, Any]] = {
        "evidence of additive": {
            "explainers": {
                **parts.explainers,
                "additive": dataclasses.replace(additive, bias=additive.bias + 1),  # type: ignore[attr-defined, call-arg]  # it has one
            }
        },
        "examples": {
            "representatives": dataclasses.replace(
                parts.representatives, ids=tuple(f"{one}0" for one in parts.representatives.ids)
            )
        },
    }
    for step, change in changed.items():
        other = dataclasses.replace(parts, **change)
        explaining = type(digits_model.explaining).of(
            other, digits_model.name, digits_model.version, digits_model.sha256
        )
        model = dataclasses.replace(digits_model, explaining=explaining)

        assert replay(decision, model).step == step


@pytest.mark.parametrize(
    ("keep", "data", "step", "words"),
    [
        ("image", b"GIF89a", "image digest", "that of what is kept is "),
        ("pixels", b"no array", "image digest", "the kept pixels cannot be read"),
        ("activations", b"x" * 100, "activations", "not readable safetensors"),
    ],
)
def test_what_is_kept_and_was_changed_is_found(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    keep: KeptKind,
    data: bytes,
    step: str,
    words: str,
) -> None:
    told = recorded(digits_model, digits_images[0], keep=keep)

    found = replay(dataclasses.replace(told, kept=Kept(keep, data)), digits_model)

    assert found.step == step
    assert found.finding is not None
    assert words in found.finding


def test_activations_of_another_network_are_found(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    told = recorded(digits_model, digits_images[0], keep="activations")
    parts = digits_model.explaining.parts
    few = dataclasses.replace(parts, classes=parts.classes[:4])
    fewer = dataclasses.replace(digits_model.explaining, parts=few)
    network = dataclasses.replace(parts.network, heads={})
    bare = dataclasses.replace(
        digits_model.explaining, parts=dataclasses.replace(parts, network=network)
    )
    for explaining, words in ((fewer, "10 logits, but the model has 4"), (bare, "have heads of")):
        found = replay(told, dataclasses.replace(digits_model, explaining=explaining))

        assert found.step == "activations"
        assert found.finding is not None
        assert words in found.finding


@final
class LateAfter:
    """A clock that is late from its nth reading on."""

    def __init__(self, readings: int) -> None:
        self._left = readings

    def late(self) -> str | None:
        self._left -= 1
        return None if self._left >= 0 else "the deadline of 5 ms had passed"


@pytest.mark.parametrize("reply", [True, False])
@pytest.mark.parametrize(("readings", "skipped"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_what_a_deadline_left_out_is_said_and_not_compared(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    readings: int,
    skipped: int,
    *,
    reply: bool,
) -> None:
    image, options = digits_images[0], ReplyOptions("full", deadline_ms=5.0)
    parts = digits_model.explaining.parts
    activations = parts.network.run(parts.preprocessing.apply(image), whole=True)
    clock = cast("Clock", LateAfter(readings))
    answered = digits_model.answering.tell(activations, options, "0" * 32, clock, 0.0)
    told = row(digits_model, image, options, "image", FULL, answered=answered, reply=reply)

    found = replay(told, digits_model)

    assert found.equal, found.finding
    words = [one for one in found.left_out if one.startswith("skipped under the deadline: ")]
    if reply:
        names = ("examples", "meta_forest", "additive")[3 - skipped :]
        wanted = [f"skipped under the deadline: {', '.join(names)}"] if skipped else []
        assert words == wanted
    else:
        # The last step cites nothing, so that the row of an answer without it is the same.
        assert bool(words) == (skipped > 1)
    assert found.bytes_compared == (reply and not skipped)
    # What was done is compared all the same.
    wrong = dataclasses.replace(told, predicted=told.predicted + 1)
    assert replay(wrong, digits_model).step == "prediction"


def test_a_skipped_step_that_no_deadline_explains_is_a_difference(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    told = recorded(digits_model, digits_images[0], DEFAULT)
    reply = said(told)
    reply["explanation"]["skipped"] = [{"step": "examples", "reason": "none"}]
    reply["examples"] = []

    found = replay(dataclasses.replace(told, reply=orjson.dumps(reply)), digits_model)

    assert found.step == "examples"


def test_numbers_tell_how_far_they_lie_apart(
    digits_model: ExplainedModel, decision: Decision
) -> None:
    assert decision.nearest is not None
    nearest = float(np.nextafter(decision.nearest, np.inf))

    found = replay(dataclasses.replace(decision, nearest=nearest), digits_model)

    assert found.finding is not None
    assert found.finding.startswith("the row's nearest was ")
    assert found.finding.endswith(" apart)")
