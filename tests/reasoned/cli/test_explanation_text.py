"""One explanation as text: the polytope; path and sum are looked at in test_explain."""

import pytest

from explainers.arrays import ByteArray
from reasoned.cli.explanation_text import text
from reasoned.model import ExplainedModel
from reasoned.reply.schema import RegionEvidence, Reply
from tests.reasoned.astray import reasons
from tests.reasoned.halfspace import halfspace_of, joined_by
from tests.reasoned.rules import rule_of


@pytest.fixture(scope="module")
def told(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> dict[bool, Reply]:
    """Explain an image inside the half-space and one outside."""
    ids = digits_model.explaining.parts.representatives.ids[:3]
    second = halfspace_of(digits_model, 3, 0.9, shown=ids)
    model = joined_by(digits_model, second, rule_of(halfspace=0.5, meta_forest=0.5))
    replies = [model.explain(image, explain="full") for image in digits_images[:40]]
    return {halfspace(reply).region is not None: reply for reply in replies}


def halfspace(reply: Reply) -> RegionEvidence:
    found = next(e for e in reasons(reply).evidence if e.method == "halfspace")
    assert isinstance(found, RegionEvidence)
    return found


def test_inside_the_sides_are_listed_with_the_closest_in_words(told: dict[bool, Reply]) -> None:
    found, evidence = text(told[True]), halfspace(told[True])
    closest = evidence.body.closest

    assert closest is not None
    label = told[True].prediction.label
    parted = f"  This polytope is one of 3; the network says {label}. The two disagree.\n"
    lead = "halfspace, half-1:\n" + ("" if label == "3" else parted)
    assert f"{lead}  The image lies inside half-1: a region with one flat" in found
    assert "Training images inside: 1,200; the network calls 3 of them not 3." in found
    assert "25 % of the way to image-1, the nearest stored example of 0 beyond it." in found
    assert f"{closest.margin:+10.3f}  towards 0 (1 side, the closest)" in found
    for similar in evidence.body.similar:
        assert f"    {similar.id}  (distance 1.50 logits)" in found


def test_outside_it_is_said_plainly(told: dict[bool, Reply]) -> None:
    found = text(told[False])

    assert "halfspace:\n  The image lies outside every stored polytope." in found
    assert "towards" not in found
    assert "Similar training images" not in found
