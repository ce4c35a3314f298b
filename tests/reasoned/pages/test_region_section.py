"""A polytope on a page."""

import base64
import html
import re

import pytest

from explainers.arrays import ByteArray
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.pages.region_section import region_section
from reasoned.reply.options import Explain
from reasoned.reply.schema import RegionEvidence
from tests.reasoned.astray import reasons
from tests.reasoned.halfspace import halfspace_of, joined_by
from tests.reasoned.rules import rule_of

EVIL = "<script>alert(1)</script>'\"&"


@pytest.fixture(scope="module")
def model(digits_model: ExplainedModel) -> ExplainedModel:
    ids = digits_model.explaining.parts.representatives.ids[:3]
    second = halfspace_of(digits_model, 3, 0.9, shown=ids)
    return joined_by(digits_model, second, rule_of(halfspace=0.5, meta_forest=0.5))


def drawn(
    model: ExplainedModel, images: list[ByteArray], explain: Explain, *, inside: bool
) -> tuple[str, RegionEvidence]:
    """Find an image inside the half-space, or outside, and draw its explanation."""
    for image in images:
        reply = model.explain(image, explain=explain)
        for evidence in reasons(reply).evidence:
            if isinstance(evidence, RegionEvidence) and bool(evidence.body.inside) == inside:
                return page(model, reply, image), evidence
    pytest.fail("no such image")


def test_inside_everything_is_drawn(model: ExplainedModel, digits_images: list[ByteArray]) -> None:
    found, evidence = drawn(model, digits_images, "full", inside=True)
    gallery = model.region_png("halfspace", "half-1")

    assert "<h2>The polytope (halfspace, half-1)</h2>" in found
    assert "the network calls 3 of them not 3." in found
    assert "closest side is the one towards 0: " in found
    assert "25 % of the way to image-1, the nearest stored example of 0 beyond it." in found
    assert found.count("<div class='side closest'>") == len(evidence.body.facets)
    assert "<span class=count>1 side, the closest</span>" in found
    assert "<h2>Heat map</h2><p class=soft>A 4 x 4 map, smoothed: " in found
    assert gallery is not None
    assert base64.b64encode(gallery).decode("ascii") in found
    for similar in evidence.body.similar:
        thumbnail = model.example_png(similar.id)
        assert thumbnail is not None
        assert base64.b64encode(thumbnail).decode("ascii") in found
        assert f"{similar.id}<br>distance 1.50 logits" in found
    rest = re.sub(r"data:image/png;base64,[^']*", "", found)
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", rest)


def test_the_short_reply_has_no_heat(model: ExplainedModel, digits_images: list[ByteArray]) -> None:
    found, _ = drawn(model, digits_images, "trace", inside=True)

    assert "<h2>The polytope (halfspace, half-1)</h2>" in found
    assert "Heat map</h2>" not in found


def test_an_empty_map_is_said_to_be_empty(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found, evidence = drawn(model, digits_images, "full", inside=True)
    blank = evidence.body.model_copy(update={"heat_map": [[0.0, 0.0], [0.0, 0.0]]})
    empty = evidence.model_copy(update={"body": blank})

    section = region_section(model, empty, digits_images[0], "3")

    assert "A 2 x 2 map, smoothed: " in section
    assert "Here it is zero everywhere: " in section
    assert "Here it is zero everywhere: " not in found


def test_a_polytope_of_another_class_is_said_to_disagree(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    seen = set()
    for image in digits_images[:40]:
        reply = model.explain(image, explain="full")
        found = page(model, reply, image)
        for one in reasons(reply).evidence:
            if isinstance(one, RegionEvidence) and one.agrees is not None:
                label = reply.prediction.label
                words = f"This polytope is one of 3; the network says {label}. The two disagree."
                assert (words in found) == (one.agrees is False)
                seen.add(one.agrees)
        assert ("evidence disagrees</span>" in found) == (
            reasons(reply).evidence[0].agrees is False
        )
    assert seen == {False, True}


def test_the_closest_example_is_shown_beside_its_sentence(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    _, evidence = drawn(model, digits_images, "full", inside=True)
    closest, identity = evidence.body.closest, model.explaining.parts.representatives.ids[0]
    thumbnail = model.example_png(identity)
    assert closest is not None
    assert thumbnail is not None
    shown = closest.model_copy(update={"example": identity})
    body = evidence.body.model_copy(update={"closest": shown})
    changed = evidence.model_copy(update={"body": body})
    found = region_section(model, changed, digits_images[0], "3")

    beside = found.split("<div class=nearest>")[1].split("</div>")[0]
    assert base64.b64encode(thumbnail).decode("ascii") in beside
    assert f"of the way to {identity}" in beside


def test_outside_it_is_said_and_nothing_is_drawn(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found, _ = drawn(model, digits_images, "trace", inside=False)

    assert (
        "<h2>The polytope (halfspace)</h2><p>The image lies outside every stored polytope.</p>"
        in (found)
    )
    for words in ("class='side", "Similar training images", "<div class=gallery>"):
        assert words not in found


def test_labels_cannot_become_tags(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, 3, 0.9, class_names=(EVIL, *"123456789"))
    model = joined_by(digits_model, second, rule_of(halfspace=0.5, meta_forest=0.5))
    found, _ = drawn(model, digits_images, "full", inside=True)

    assert EVIL not in found
    assert html.escape(EVIL) in found
