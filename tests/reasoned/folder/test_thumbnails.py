"""The thumbnails of a model folder."""

from pathlib import Path

import numpy as np
import pytest

from reasoned.errors import FolderError
from reasoned.folder.thumbnails import FILE, read_thumbnails, write_thumbnails
from reasoned.images.decode import decode_image
from reasoned.images.thumbnails import thumbnail_png
from reasoned.model import ExplainedModel


def test_what_is_written_is_read(tmp_path: Path) -> None:
    pictures = {
        name: thumbnail_png(np.full((4, 5, 3), value, dtype=np.uint8))
        for value, name in enumerate(("image-000002", "image-000001"))
    }
    write_thumbnails(tmp_path, pictures)

    assert read_thumbnails(tmp_path) == pictures


def test_the_order_in_which_they_come_does_not_matter(tmp_path: Path) -> None:
    png = thumbnail_png(np.zeros((2, 2, 1), dtype=np.uint8))
    write_thumbnails(tmp_path, {"a": png, "b": png})
    first = (tmp_path / FILE).read_bytes()
    write_thumbnails(tmp_path, {"b": png, "a": png})

    assert (tmp_path / FILE).read_bytes() == first


def test_what_is_no_png_is_refused(tmp_path: Path) -> None:
    write_thumbnails(tmp_path, {"image-000007": b"<svg onload='alert(1)'/>"})

    with pytest.raises(FolderError, match=r"thumbnails\.safetensors: image-000007 is not a PNG"):
        read_thumbnails(tmp_path)


def test_a_broken_or_missing_file_is_refused(tmp_path: Path) -> None:
    words = r"thumbnails\.safetensors is not a readable safetensors file"
    with pytest.raises(FolderError, match=words):
        read_thumbnails(tmp_path)
    (tmp_path / FILE).write_bytes(b"not safetensors")
    with pytest.raises(FolderError, match=words):
        read_thumbnails(tmp_path)


def test_every_example_that_a_reply_can_mention_has_one(digits_model: ExplainedModel) -> None:
    parts = digits_model.explaining.parts
    for identity in parts.representatives.ids:
        data = digits_model.example_png(identity)
        assert data is not None
        assert decode_image(data).shape == (8, 8, 1)
    for method in parts.explainers.values():
        assert {f"image-{row:06d}" for row in method.cites()} <= set(digits_model.thumbnails)
    assert digits_model.example_png("../manifest.json") is None
