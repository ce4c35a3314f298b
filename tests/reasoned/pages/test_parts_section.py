"""A sum on a page, and as text."""

import base64
import html
import re

import numpy as np
import pytest

from explainers.arrays import ByteArray
from reasoned.cli.explanation_text import text
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.reply.schema import Reply
from tests.reasoned.astray import reasons
from tests.reasoned.interpreter import REGION, interpreted

WHY = "Attributes: why the interpreter says"
EVIL = "<script>alert(1)</script>'\"&"


@pytest.fixture(scope="module")
def told(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> dict[bool, Reply]:
    """Explain digits for which the interpreter, which names 3, agrees and disagrees."""
    model = interpreted(digits_model)
    replies = [model.explain(image, explain="full") for image in digits_images[:20]]
    return {reply.prediction.label == "3": reply for reply in replies}


def section(found: str, heading: str) -> str:
    return found.split(f"<h2>{heading}")[1].split("<h2>The path", maxsplit=1)[0]


def test_everything_is_drawn(
    digits_model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    model = interpreted(digits_model)
    whole = page(model, told[True], digits_images[3])
    found, gallery = section(whole, f"{WHY} 3"), model.region_png("dictionary", REGION)

    assert found.startswith(
        f" <small>{REGION}</small></h2><p>The interpreter was trained together with"
    )
    assert "<p class=banner>" not in found
    assert "Attributes past the dashed line (20 % of the largest) are counted" in found
    assert ">threshold 0.2</text>" in found
    assert [found.index(name) for name in ("attribute 7", "attribute 2", "attribute 0")] == sorted(
        found.index(name) for name in ("attribute 7", "attribute 2", "attribute 0")
    )
    for line in (
        "<td>attribute 7<td>5 x 2 =<td>+10.000",
        "<td>attribute 2<td>2 x -1.5 =<td>-3.000",
        "<td>bias<td><td>+4.000",
        "<td>all others<td><td>+0.500",
        "<tr class=total><td>the interpreter&#x27;s score for 3 (logit of 3 in g)<td><td>12.500",
    ):
        assert line in found
    assert gallery is not None
    assert "<h2>Images that the interpreter calls 3, led by attribute 7</h2>" in found
    assert "the framed one with the highest attribute." in found
    assert "where there is a second row: the same image changed by a search" in found
    assert base64.b64encode(gallery).decode("ascii") in found
    rest = re.sub(r"data:image/png;base64,[^']*", "", whole)
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", rest)


def test_an_interpreter_for_another_class_gets_a_banner(
    digits_model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    model, label = interpreted(digits_model), told[False].prediction.label
    whole = page(model, told[False], digits_images[0])
    found = section(whole, f"{WHY} 3")
    words = (
        f"The interpreter speaks for 3; the network says {label}. The two disagree, so these "
        "attributes do not explain the network's answer."
    )

    assert f"<p class=banner>{html.escape(words)}</p>" in found
    assert f"  {words}\n" in text(told[False])
    small = (
        "supported is about images like this one, where this evidence usually names the network's "
        "class. For this image it does not."
    )
    assert reasons(told[False]).status == "supported"
    assert f"<p class='soft caption'>{small}</p>" in whole
    assert small not in page(model, told[True], digits_images[3])


def test_controls_are_explained_where_pictures_stand_below(
    digits_model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    model = interpreted(digits_model, picture_below=np.zeros((3, 3, 1), np.uint8))
    found = page(model, told[True], digits_images[3])

    assert "where there is a second row: the same image changed by a search" in found
    assert "The last two are then controls: the search begun from noise" in found


def test_an_exact_sum_has_neither_threshold_nor_banner_nor_picture(
    digits_model: ExplainedModel, digits_images: list[ByteArray], told: dict[bool, Reply]
) -> None:
    found = section(page(digits_model, told[True], digits_images[3]), "The sum (additive")

    assert "<svg class=chart" in found
    assert found.count("<rect ") == 10
    for words in ("threshold", "banner", "trained", "<div class=gallery>"):
        assert words not in found


def test_the_sum_as_text(told: dict[bool, Reply]) -> None:
    found = text(told[True])

    assert (
        f"\ndictionary, {REGION}, the interpreter's score for 3 (logit of 3 in g) = 12.500:\n"
        "  The interpreter was trained together with the network (by design).\n"
        "  Those above the threshold of 0.2 are the local interpretation: each adds more than 20 % "
        "of the largest contribution.\n"
        "   relevance  contribution\n"
        "       +1.00       +10.000  attribute 7 (5 x 2)\n"
        "       -0.30        -3.000  attribute 2 (2 x -1.5)\n"
        "       +0.10        +1.000  attribute 0 (1 x 1)\n"
        "                    +4.000  bias\n"
        "                    +0.500  all others\n"
        "                   +12.500  the interpreter's score for 3 (logit of 3 in g)\n"
    ) in found


def test_names_cannot_become_tags(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = interpreted(digits_model, class_names=(EVIL,) * 10, label=EVIL)
    found = page(model, model.explain(digits_images[0]), digits_images[0])

    assert EVIL not in found
    assert html.escape(EVIL) in found
