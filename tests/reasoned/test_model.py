"""The front door: load, predict, explain, describe."""

import concurrent.futures
import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from reasoned import ExplainedModel, Reply, ReplyOptions
from reasoned.errors import BrokenImageError, OptionsError, UnsupportedImageError
from tests.reasoned.conftest import Fitted

FOREIGN = ("torch", "sklearn", "scipy", "onnx", "tqdm")


def encoded(image: ByteArray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(buffer, "PNG")
    return buffer.getvalue()


def test_it_loads_and_answers_without_what_only_fitting_needs(digits_folder: Path) -> None:
    script = (
        "import sys, numpy, reasoned\n"
        "model = reasoned.ExplainedModel.load(sys.argv[1])\n"
        "reply = model.explain(numpy.zeros((8, 8, 1), numpy.uint8), explain='full')\n"
        f"print(sorted(set({FOREIGN}) & set(sys.modules)), reply.exact)"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(digits_folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.stderr, found.stdout) == ("", "[] True\n")


def test_bytes_and_pixels_get_the_same_answer(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    image = digits_images[7]
    pixels = digits_model.decode_pixels(image[:, :, 0].tolist())

    assert digits_model.explain(encoded(image)) == digits_model.explain(image)
    assert digits_model.reply(pixels) == digits_model.reply(image)
    assert digits_model.predict(encoded(image)) == digits_model.explain(image).prediction


def test_a_colour_picture_gets_an_answer_whatever_its_size(shapes_model: ExplainedModel) -> None:
    picture = np.zeros((40, 30, 3), np.uint8)
    picture[10:30, 8:22] = (220, 150, 30)
    reply = shapes_model.explain(encoded(picture))

    assert reply.prediction.label == "amber disc"
    assert reply.explanation is not None
    assert reply.model.name == "shapes"


def test_what_is_no_image_is_refused(digits_model: ExplainedModel) -> None:
    with pytest.raises(UnsupportedImageError):
        digits_model.explain(b"GIF89a")
    with pytest.raises(BrokenImageError):
        digits_model.explain(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(OptionsError, match="row 0 holds a number outside 0 to 255"):
        digits_model.decode_pixels([[256]])
    with pytest.raises(OptionsError, match="neighbours must be 0 to 20, not 21"):
        digits_model.explain(np.zeros((8, 8, 1), np.uint8), neighbours=21)


def test_the_card_is_the_manifest_under_the_digest_that_replies_carry(
    digits_model: ExplainedModel, digits_folder: Path
) -> None:
    card = json.loads(digits_model.card)
    reply = digits_model.explain(np.zeros((8, 8, 1), np.uint8))
    stored = json.loads((digits_folder / "manifest.json").read_bytes())

    assert "files" not in card
    assert card.pop("sha256") == digits_model.sha256 == reply.model.sha256
    assert card == {key: value for key, value in stored.items() if key != "files"}
    assert (reply.model.name, reply.model.version) == (digits_model.name, digits_model.version)
    assert digits_model.request_ms == stored["request_ms"] > 0
    assert digits_model.classes == tuple(stored["classes"])
    assert digits_model.methods == ("meta_forest", "additive")


def test_the_examples_of_a_reply_have_pictures(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    reply = digits_model.explain(digits_images[0], neighbours=20)
    for example in reply.examples:
        assert example.image == f"/v1/examples/{example.id}.png"
        data = digits_model.example_png(example.id)
        assert data is not None
        assert Image.open(io.BytesIO(data)).size == (8, 8)
    assert digits_model.example_png("image-999999") is None
    distances = [example.distance for example in reply.examples]
    assert distances == sorted(distances)
    assert reply.contrast is not None
    assert reply.contrast.predicted != reply.prediction.label
    others = [e.distance for e in reply.examples if e.predicted != reply.prediction.label]
    assert all(reply.contrast.distance <= distance for distance in others)


def test_methods_without_galleries_have_no_pictures(digits_model: ExplainedModel) -> None:
    for name, method in digits_model.explaining.parts.explainers.items():
        for region in method.regions():
            assert digits_model.region_png(name, region) is None


def test_a_training_image_that_is_a_representative_is_its_own_nearest(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = digits_model.explaining.parts.representatives
    for identity, row in zip(found.ids, found.rows.tolist(), strict=True):
        nearest = digits_model.explain(digits_images[row]).examples[0]
        assert (nearest.id, nearest.distance) == (identity, 0.0)


def test_it_cannot_be_changed(digits_model: ExplainedModel) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        digits_model.sha256 = "0" * 64  # type: ignore[misc]  # that it cannot is the test
    with pytest.raises(ValueError, match="read-only"):
        digits_model.explaining.parts.representatives.vectors[0] = 0


def test_many_threads_at_once_get_what_one_gets(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    images = digits_images[:200]
    alone = [digits_model.reply(image) for image in images]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(digits_model.reply, images))

    assert together == alone


def test_two_processes_give_equal_replies(shapes_fitted: Fitted) -> None:
    script = (
        "import sys, numpy, reasoned\n"
        "model = reasoned.ExplainedModel.load(sys.argv[1])\n"
        "image = numpy.arange(16 * 16 * 3, dtype=numpy.uint8).reshape(16, 16, 3)\n"
        "sys.stdout.buffer.write(model.reply(image))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, str(shapes_fitted.folder)], capture_output=True, check=True
    )
    image = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)

    assert found.stdout == ExplainedModel.load(shapes_fitted.folder).reply(image, ReplyOptions())
    assert Reply.model_validate_json(found.stdout).id == "local"
