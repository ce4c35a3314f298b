"""A regression on a page, and as text."""

import base64
import html
import re

import pytest

from explainers.arrays import ByteArray
from reasoned.cli.explanation_text import text
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.reply.schema import RegressionEvidence, Reply
from tests.reasoned.astray import reasons
from tests.reasoned.regression import imitated

EVIL = "<script>alert(1)</script>'\"&"
REGION = "class-3-component-1"


@pytest.fixture(scope="module")
def model(digits_model: ExplainedModel) -> ExplainedModel:
    """Give a mixture that calls every digit a 3, by its first component."""
    return imitated(digits_model, gate=5.0)


@pytest.fixture(scope="module")
def told(model: ExplainedModel, digits_images: list[ByteArray]) -> dict[bool, Reply]:
    """Explain digits for which the mixture agrees and disagrees."""
    replies = [model.explain(image, explain="full") for image in digits_images[:20]]
    return {reply.prediction.label == "3": reply for reply in replies}


def section(found: str) -> str:
    return found.split("<h2>Weighted sums")[1].split("<h2>The path", maxsplit=1)[0]


def evidence(reply: Reply) -> RegressionEvidence:
    found = next(e for e in reasons(reply).evidence if e.method == "mixture")
    assert isinstance(found, RegressionEvidence)
    return found


def test_everything_is_drawn(
    model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    whole = page(model, told[True], digits_images[3])
    found, body = section(whole), evidence(told[True]).body
    gallery = model.region_png("mixture", REGION)

    assert found.startswith(
        f" that imitate the network: why they put 3 first <small>{REGION}</small></h2><p>This class"
    )
    assert "component 1 answers for this one (responsibility 99 %)." in found
    assert found.count("<rect ") == len(body.parts) == 12  # all that are read
    for part in body.parts:
        assert f"<td>{part.name}<td>{part.value:.3g} x {part.weight:.3g} =" in found
    assert f"<td>constant<td><td>{body.intercept:+.3f}" in found
    assert f"log-odds of 3, predicted<td><td>{body.predicted:.3f}" in found
    for words in ("<br>the image", "<br>weights", "<br>contributions", "grey: not even the sign"):
        assert words in found
    assert gallery is not None
    assert "<h2>Which images this component of 3 answers for</h2>" in found
    assert base64.b64encode(gallery).decode("ascii") in found
    assert "<p class=banner>" not in found
    rest = re.sub(r"data:image/png;base64,[^']*", "", whole)
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", rest)


def test_another_class_gets_a_banner(
    model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    words = (
        f"The weighted sums put 3 first; the network says {told[False].prediction.label}. The two "
        "disagree."
    )

    found = section(page(model, told[False], digits_images[0]))
    assert f"<p class=banner>{html.escape(words)}</p>" in found
    assert f"  {words}\n" in text(told[False])


def test_a_short_reply_says_how_to_get_maps(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = section(page(model, model.explain(digits_images[3]), digits_images[3]))

    assert "Maps of all weights come with --explain full." in found
    assert "<br>weights" not in found


def test_a_mixed_answer_has_no_gallery(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = imitated(digits_model)
    reply = model.explain(digits_images[3], explain="full")

    assert evidence(reply).region == "class-3-mixed"
    found = section(page(model, reply, digits_images[3]))
    assert "None of them clearly answers for this one (at most 50 %)" in found
    assert "<div class=gallery>" not in found


def test_the_regression_as_text(told: dict[bool, Reply]) -> None:
    found, body = text(told[True]), evidence(told[True]).body
    first = body.parts[0]

    assert f"\nmixture, {REGION}, log-odds of 3, predicted {body.predicted:.3f}:\n  This" in found
    assert f"{first.relevance:>+12.2f}  {first.contribution:+12.3f}  {first.name} (" in found
    assert f"{body.intercept:+12.3f}  constant\n" in found
    assert f"{body.rest:+12.3f}  all others\n" in found
    assert f"{body.predicted:+12.3f}  log-odds of 3\n" in found


def test_names_cannot_become_tags(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = imitated(digits_model, gate=5.0, class_names=(EVIL,) * 10)
    found = page(model, model.explain(digits_images[0]), digits_images[0])

    assert EVIL not in found
    assert html.escape(EVIL) in found
