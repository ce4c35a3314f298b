"""One explanation as a page."""

import base64
import dataclasses
import html
from html.parser import HTMLParser
from typing import final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import PathEvidence, Reply

EVIL = "<script>alert(1)</script>'\"&"


@final
class Tags(HTMLParser):
    """Collects the tags and the attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_labels_cannot_become_tags(
    digits_model: ExplainedModel, digits_images: list[ByteArray], parting: list[ByteArray]
) -> None:
    names = tuple(f"{EVIL}{i}" for i in range(10))
    parts = digits_model.explaining.parts
    explainers = {
        key: dataclasses.replace(method, class_names=names)  # type: ignore[call-arg]  # both have it
        for key, method in parts.explainers.items()
    }
    renamed = dataclasses.replace(parts, classes=names, explainers=explainers)
    explaining = Explaining.of(renamed, EVIL, EVIL, "0" * 64)
    model = dataclasses.replace(digits_model, explaining=explaining)
    for image in (digits_images[0], parting[0]):
        reply = model.explain(image, explain="full")
        found = page(model, reply, image)
        plain = page(digits_model, digits_model.explain(image, explain="full"), image)

        assert html.escape(reply.prediction.label) in found
        assert Tags(found).tags == Tags(plain).tags
        assert Tags(found).attributes == Tags(plain).attributes


def test_the_page_shows_what_the_clusters_of_the_path_mean(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    reply = digits_model.explain(digits_images[0])
    found = page(digits_model, reply, digits_images[0])

    assert reply.explanation is not None
    path = reply.explanation.evidence[0]
    assert isinstance(path, PathEvidence)
    assert path.body.clusters
    for name, meaning in path.body.clusters.items():
        counted = ", ".join(f"{count} {label}" for label, count in meaning.classes.items())
        assert f"<b>{name}</b>: {meaning.size} training images, {counted};" in found
        for medoid in meaning.medoids:
            thumbnail = digits_model.example_png(medoid)
            assert thumbnail is not None
            assert base64.b64encode(thumbnail).decode("ascii") in found
    for step in path.body.steps:
        assert f"nearest clusters {' and '.join(step.clusters)}" in found


def test_the_status_is_explained_and_the_probability_is_called_uncalibrated(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    reply = digits_model.explain(digits_images[0])
    said = reply.explanation
    assert said is not None
    for status, words in (
        ("supported", "It does not say that the class is right."),
        ("weak", "It does not say that the class is wrong."),
        ("out_of_support", "Trust neither the class nor this evidence."),
    ):
        changed = reply.model_copy(
            update={"explanation": said.model_copy(update={"status": status})}
        )
        found = page(digits_model, changed, digits_images[0])
        assert f"{words}</p>" in found
        assert "% (the network's own probability, not calibrated)" in found
        assert f"stands for {reply.examples[0].stands_for:,} image" in found


def test_a_path_that_disagrees_says_so_first(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    reply = digits_model.explain(parting[0], explain="full")
    found = page(digits_model, reply, parting[0])

    assert found.count("<span class='pill apart'>evidence disagrees</span>") == 1
    assert f"; the network says {reply.prediction.label}. The two disagree.</p><ol" in found


def test_a_reply_without_explanation_makes_a_page_too(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    image = digits_images[0]
    reply = Reply.model_validate_json(digits_model.reply(image, ReplyOptions(explain="none")))
    found = page(digits_model, reply, image)

    assert "In words" not in found
    assert found.count("data:image/png;base64,") == 1


def test_a_large_picture_is_made_small(digits_model: ExplainedModel) -> None:
    image = np.random.default_rng(0).integers(0, 256, (900, 1200, 3)).astype(np.uint8)
    reply = digits_model.explain(image)

    assert len(page(digits_model, reply, image)) < 80_000
