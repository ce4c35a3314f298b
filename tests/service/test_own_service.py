"""A service of one's own gains explained predictions in three lines."""

import base64
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply


@pytest.fixture
def own(digits_folder: Path) -> Iterator[TestClient]:
    os.environ["MODEL_FOLDER"] = str(digits_folder)
    module = importlib.import_module("examples.own_service")
    with TestClient(module.ShoeService.to_asgi()) as client:
        yield client
    del os.environ["MODEL_FOLDER"]


def test_it_answers_with_reasons(own: TestClient, digits_model: ExplainedModel) -> None:
    picture = png(open_dataset("digits").image(1700))
    asked = {"image_base64": base64.b64encode(picture).decode()}

    found = Reply.model_validate(own.post("/classify", json=asked).json())

    assert found == digits_model.explain(picture)
    assert found.explanation is not None
    assert found.explanation.carrier is not None


def test_it_takes_three_lines() -> None:
    text = Path("examples/own_service.py").read_text(encoding="utf-8")
    marked = [line for line in text.splitlines() if line.rstrip().endswith(("# 1", "# 2", "# 3"))]

    assert len(marked) == 3
    assert all("reasoned" in line or "model" in line for line in marked)
