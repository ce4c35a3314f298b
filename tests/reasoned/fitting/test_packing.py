"""What a fit writes into the folder."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.meta_forest.served import MetaForest
from reasoned.datasets.digits import open_digits
from reasoned.datasets.splits import make_splits
from reasoned.fitting.packing import png
from reasoned.folder.selftest import IMAGES, difference, read_selftest
from reasoned.images.decode import decode_image
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from tests.reasoned.conftest import Fitted


@pytest.mark.parametrize("shape", [(5, 7, 1), (5, 7, 3), (1, 1, 1)])
def test_an_image_survives_as_png(shape: tuple[int, int, int]) -> None:
    image: ByteArray = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)

    np.testing.assert_array_equal(decode_image(png(image)), image)


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_self_test_replays(request: pytest.FixtureRequest, name: str) -> None:
    fitted: Path | Fitted = request.getfixturevalue(
        "digits_folder" if name == "digits" else "shapes_fitted"
    )
    folder = fitted.folder if isinstance(fitted, Fitted) else fitted
    model = ExplainedModel.load(folder)
    for test in read_selftest(folder):
        reply = model.reply(model.decode(test.image), ReplyOptions(explain="full"))
        assert difference(test.reply, json.loads(reply)) is None


def test_the_self_test_reads_training_images_only(digits_folder: Path) -> None:
    dataset = open_digits()
    splits = make_splits(dataset, np.random.default_rng([0, 1]))
    train = {dataset.image(row).tobytes() for row in splits.train.tolist()}

    tested = {decode_image(test.image).tobytes() for test in read_selftest(digits_folder)}
    assert len(tested) == IMAGES
    assert tested <= train


def test_the_self_test_notices_a_wrong_answer(
    digits_model: ExplainedModel, digits_folder: Path
) -> None:
    method = digits_model.explaining.parts.explainers["meta_forest"]
    assert isinstance(method, MetaForest)
    turned = dataclasses.replace(method, histogram=method.histogram[:, ::-1].copy())
    parts = dataclasses.replace(
        digits_model.explaining.parts,
        explainers={**digits_model.explaining.parts.explainers, "meta_forest": turned},
    )
    explaining = digits_model.explaining.of(parts, "digits", "1", "0" * 64)
    found = [
        difference(
            test.reply,
            json.loads(
                explaining.reply(decode_image(test.image), ReplyOptions(explain="full"), "x", None)
            ),
        )
        for test in read_selftest(digits_folder)
    ]
    assert all(found)


def test_nothing_in_the_folder_tells_where_it_was_made(shapes_fitted: Fitted) -> None:
    named = {"manifest.json", "manifest.sha256"}  # which say how it was made
    for path in shapes_fitted.folder.rglob("*"):
        if path.is_file() and path.name not in named:
            assert b"/work/" not in path.read_bytes()
            assert str(shapes_fitted.folder.parent).encode() not in path.read_bytes()


def test_no_file_is_a_pickle(shapes_fitted: Fitted) -> None:
    endings = {path.suffix for path in shapes_fitted.folder.rglob("*") if path.is_file()}

    assert endings <= {".json", ".sha256", ".onnx", ".safetensors", ".svg"}
