"""One decision as a page."""

import base64
import dataclasses
import html
import re

import pytest

from explainers.arrays import ByteArray
from reasoned.images.thumbnails import thumbnail_png
from reasoned.ledger.decision import Kept
from reasoned.ledger.reading import Feedback, Stored
from reasoned.model import ExplainedModel
from reasoned.pages.decision_page import decision_page
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply
from tests.reasoned.pages.test_explanation_page import EVIL, Tags
from tests.reasoned.replay.recorded import recorded

FULL = ReplyOptions("full")
SAID = (
    Feedback(1, 1_700_000_100.5, "7", wrong=True, useful=None, note="not <b>that</b>"),
    Feedback(2, 1_700_000_200.0, None, wrong=None, useful=True, note=None),
)


def encoded(png: bytes | None) -> str:
    assert png is not None
    return base64.b64encode(png).decode("ascii")


@pytest.fixture(scope="module")
def stored(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> Stored:
    return Stored(12, recorded(digits_model, digits_images[0], FULL, number=5), SAID)


def test_everything_of_the_decision_is_told(
    digits_model: ExplainedModel, digits_images: list[ByteArray], stored: Stored
) -> None:
    decision = stored.decision
    found = decision_page(stored, digits_model)

    assert decision.reply is not None
    reply = Reply.model_validate_json(decision.reply)
    assert reply.explanation is not None
    for words in (
        f"<h1>{decision.label}</h1>",
        "<span class='pill agrees'>evidence agrees</span>",
        "Carried by meta_forest.",
        html.escape(reply.explanation.sentence),
        "<h2>The path (meta_forest, ",
        "<h2>The sum (additive",
        "<h2>Nearest representative training images</h2>",
        f"<dd>{decision.id}",
        "<dd>client-5",
        f"<dd>{digits_model.sha256}",
        f"<dd>{decision.image_sha256}",
        "<dd>full exact",
        "<dd>2023-11-14 22:13:25.000 UTC",
        f"reasoned replay {decision.id} --model FOLDER",
        "<span>decoding</span>",
        "true class 7 (the network was wrong)",
        "<p class=note>not &lt;b&gt;that&lt;/b&gt;</p>",
        "the explanation was useful",
    ):
        assert words in found
    # The newest feedback first.
    assert found.index("was useful") < found.index("true class 7")
    assert encoded(thumbnail_png(digits_images[0])) in found
    for example in reply.examples:
        assert encoded(digits_model.example_png(example.id)) in found


def test_the_page_runs_nothing_and_fetches_nothing(
    digits_model: ExplainedModel, stored: Stored
) -> None:
    found = decision_page(stored, digits_model)
    rest = re.sub(r"data:image/png;base64,[^']*", "", found)

    assert "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'" in found
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(|<form", rest)
    assert not {"script", "link", "iframe", "object", "form", "a"} & set(Tags(found).tags)
    assert not [name for name in Tags(found).attributes if name.startswith("on")]


def test_nothing_that_was_said_can_become_a_tag(
    digits_model: ExplainedModel, stored: Stored
) -> None:
    said = Feedback(1, 0.0, EVIL, wrong=True, useful=False, note=EVIL)
    decision = dataclasses.replace(
        stored.decision,
        label=EVIL,
        client_id=EVIL,
        trace_id=EVIL,
        tenant=EVIL,
        carrier=EVIL,
        first=EVIL,
        disclosure=EVIL,
        options=EVIL,
        cited=((EVIL, EVIL), ("example", EVIL)),
    )
    for reply in (decision.reply, None, EVIL.encode()):
        told = dataclasses.replace(decision, reply=reply)
        found = decision_page(Stored(1, told, (said,)), digits_model)
        plain = dataclasses.replace(stored.decision, reply=reply, cited=(("leaf", "1"),) * 2)

        assert EVIL not in found
        tags = Tags(decision_page(Stored(1, plain, (said,)), digits_model)).tags
        for tag in ("script", "b"):
            assert Tags(found).tags.count(tag) == tags.count(tag)


@pytest.mark.parametrize("mode", ["id", "off"])
def test_pictures_that_are_not_disclosed_are_not_in_it(
    digits_model: ExplainedModel, digits_images: list[ByteArray], mode: str
) -> None:
    disclosure = Disclosure.read(f"{mode} rounded")
    told = Stored(1, recorded(digits_model, digits_images[0], FULL, None, disclosure))

    found = decision_page(told, digits_model.disclosing(disclosure))

    assert "data:image" not in found
    assert "nothing but its digest, too little to replay" in found


def test_what_was_withheld_since_is_not_in_it(digits_model: ExplainedModel, stored: Stored) -> None:
    reply = Reply.model_validate_json(stored.decision.reply or b"")
    gone = reply.examples[0].id
    withheld = frozenset({gone})
    model = digits_model.disclosing(Disclosure(withheld=withheld))
    opening = b'"sentence":"'
    told_reply = (stored.decision.reply or b"").replace(
        opening, b"%s%s: " % (opening, gone.encode())
    )
    told_decision = dataclasses.replace(stored.decision, reply=told_reply)
    without = dataclasses.replace(stored.decision, reply=None)
    for decision in (told_decision, without):
        told = Stored(1, decision)
        plain = decision_page(told, digits_model)
        assert gone in plain

        found = decision_page(told, model, withheld)

        assert gone not in found
        assert found.count("<div class=card>") == plain.count("<div class=card>") - 1
        assert encoded(digits_model.example_png(gone)) not in found
        assert reply.examples[1].id in found


def test_a_decision_without_its_reply_shows_the_row(
    digits_model: ExplainedModel, stored: Stored
) -> None:
    bare = dataclasses.replace(stored.decision, reply=None, kept=None)

    found = decision_page(Stored(1, bare), digits_model)

    assert "The reply itself was not kept (REASONED_LEDGER_REPLIES)" in found
    assert "Nobody has said anything of it yet." in found
    for kind, key in bare.cited:
        assert key in found
        if kind == "example":
            assert encoded(digits_model.example_png(key)) in found


def test_pictures_of_another_model_are_not_shown(
    digits_model: ExplainedModel, stored: Stored
) -> None:
    other = dataclasses.replace(digits_model, sha256="0" * 64)
    for model in (None, other):
        found = decision_page(stored, model)

        assert "The model that answered is not at hand" in found
        assert found.count("data:image") == 1  # the image that was kept


@pytest.mark.parametrize(
    ("kept", "words", "pictures"),
    [
        (Kept("image", b"broken"), "the file as it came", 0),
        (Kept("pixels", b"broken"), "the numbers as they came", 0),
        (Kept("activations", b""), "what the explainers read of the network", 0),
        (None, "nothing but its digest", 0),
    ],
)
def test_what_is_kept_is_told_and_need_not_be_readable(
    stored: Stored, kept: Kept | None, words: str, pictures: int
) -> None:
    found = decision_page(Stored(1, dataclasses.replace(stored.decision, kept=kept)), None)

    assert words in found
    assert found.count("data:image") == pictures


def test_disagreement_and_doubt_are_shown(
    digits_model: ExplainedModel, parting: list[ByteArray], noise: list[ByteArray]
) -> None:
    apart = decision_page(Stored(1, recorded(digits_model, parting[0], FULL)), digits_model)
    strange = decision_page(Stored(1, recorded(digits_model, noise[0], FULL)), digits_model)

    assert "<span class='pill apart'>evidence disagrees</span>" in apart
    assert "<span class='pill out_of_support'>out of support</span>" in strange


def test_an_answer_without_an_explanation_has_no_badge(stored: Stored) -> None:
    bare = dataclasses.replace(
        stored.decision, status=None, carrier=None, agrees=None, first=None, reply=None
    )

    assert "class='pill" not in decision_page(Stored(1, bare), None)
