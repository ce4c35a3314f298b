import io

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.errors import FolderError
from reasoned.example_pictures import ExamplePictures
from reasoned.images.thumbnails import thumbnail_png
from reasoned.reply.disclosure import Disclosure, Mode

GREYS = {f"train-{grey:06d}": grey for grey in range(0, 200, 20)}
PNGS = {name: thumbnail_png(np.full((4, 6, 1), grey, np.uint8)) for name, grey in GREYS.items()}
GROUPS = {"prototype-0": tuple(GREYS)}


def as_it_is(image: ByteArray) -> ByteArray:
    return image


def pictures(mode: Mode, withheld: frozenset[str] = frozenset()) -> ExamplePictures:
    groups = GROUPS if mode == "prototype" else {}
    return ExamplePictures(PNGS, Disclosure(mode, withheld=withheld), groups, as_it_is)


def pixels(png: bytes | None) -> ByteArray:
    assert png is not None
    with Image.open(io.BytesIO(png)) as found:
        return np.asarray(found)


def test_a_prototype_is_the_mean_of_its_images() -> None:
    found = pixels(pictures("prototype").png("prototype-0"))

    # By hand: (0 + 20 + ... + 180) / 10.
    np.testing.assert_array_equal(found, np.full((4, 6), 90))


@pytest.mark.parametrize("mode", ["id", "prototype", "off"])
def test_no_single_image_is_shown_where_none_is_disclosed(mode: Mode) -> None:
    assert all(pictures(mode).png(name) is None for name in PNGS)


@pytest.mark.parametrize("mode", ["full", "thumbnail"])
def test_single_images_are_shown_but_for_those_that_are_withheld(mode: Mode) -> None:
    found = pictures(mode, frozenset({"train-000020"}))

    assert found.png("train-000020") is None
    assert found.png("train-000000") == PNGS["train-000000"]
    assert found.png("prototype-0") is None
    assert found.png("train-999999") is None


def test_a_picture_is_made_once() -> None:
    made: list[ByteArray] = []

    def seen(image: ByteArray) -> ByteArray:
        made.append(image)
        return image

    found = ExamplePictures(PNGS, Disclosure("prototype"), GROUPS, seen)
    assert found.png("prototype-0") == found.png("prototype-0")
    assert len(made) == len(PNGS)


def test_a_broken_thumbnail_is_the_folders_fault() -> None:
    found = ExamplePictures({"a": b"\x89PNG\r\n\x1a\n"}, Disclosure("thumbnail"), {}, as_it_is)

    with pytest.raises(FolderError, match="a thumbnail of a cannot be shown"):
        found.png("a")
