"""A gallery as one picture."""

import io

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from explainers.gallery import Tile
from reasoned.errors import BrokenImageError
from reasoned.images.galleries import MOST_TILES, gallery_png
from reasoned.images.thumbnails import thumbnail_png

HEAT = np.full((3, 3), 255, np.uint8)
GREEN = (22, 163, 74)
PICTURES = {
    f"image-{i}": thumbnail_png(np.full((8, 8, 1), 10 * i, np.uint8)) for i in range(MOST_TILES + 5)
}


def same(image: ByteArray) -> ByteArray:
    return image


def drawn(tiles: list[Tile]) -> ByteArray:
    picture = Image.open(io.BytesIO(gallery_png(tiles, PICTURES, same)))
    assert picture.info == {}  # no metadata, which might differ from run to run
    return np.asarray(picture.convert("RGB"))


def tiles(count: int, heat: ByteArray | None = HEAT) -> list[Tile]:
    return [Tile(f"image-{i}", f"number {i}", heat) for i in range(count)]


def test_equal_tiles_give_equal_bytes() -> None:
    assert gallery_png(tiles(7), PICTURES, same) == gallery_png(tiles(7), PICTURES, same)


def test_the_first_image_is_framed_and_no_other() -> None:
    found = drawn(tiles(3))
    green = np.all(found == GREEN, axis=2)

    assert green[:, : 8 + 104 + 3].any()
    assert not green[:, 8 + 104 + 4 :].any()


def test_plain_images_stand_above_those_under_heat() -> None:
    found = drawn(tiles(2))
    plain, heated = found[8:112, 120:224], found[120:224, 120:224]

    assert set(np.unique(plain)) == {10}
    # 0.2 of 10, and 0.8 of the palest yellow.
    np.testing.assert_array_equal(heated, np.broadcast_to((204, 206, 133), heated.shape))


def test_without_any_heat_there_is_one_row() -> None:
    assert drawn(tiles(2, heat=None)).shape[0] == drawn(tiles(2)).shape[0] - 112


def test_five_stand_in_a_band() -> None:
    five, six = drawn(tiles(5)), drawn(tiles(6))

    assert six.shape[1] == five.shape[1] == 5 * 112 + 8
    assert six.shape[0] == 2 * five.shape[0] - 8
    np.testing.assert_array_equal(six[: five.shape[0] - 8], five[:-8])


def test_it_is_bounded_whatever_comes() -> None:
    many = tiles(MOST_TILES + 5)
    long = [Tile(tile.example, "word " * 500, tile.heat) for tile in many]

    assert gallery_png(many, PICTURES, same) == gallery_png(many[:MOST_TILES], PICTURES, same)
    assert drawn(long).shape == drawn(many).shape
    assert len(gallery_png(long, PICTURES, same)) < 200_000


def test_words_stand_below() -> None:
    words, silent = drawn(tiles(1)), drawn([Tile("image-0", "", HEAT)])
    differing = np.flatnonzero((words != silent).any(axis=(1, 2)))

    assert differing.size
    assert differing.min() >= 8 + 2 * 112 - 8


def test_heat_lies_over_what_the_network_sees() -> None:
    # The network sees the left half only.
    found = gallery_png(tiles(1, None), {"image-0": two_halves()}, lambda image: image[:, :4])
    shown = np.asarray(Image.open(io.BytesIO(found)).convert("RGB"))[8:112, 34:86]

    assert set(np.unique(shown)) == {200}


def two_halves() -> bytes:
    image = np.zeros((8, 8, 1), np.uint8)
    image[:, :4] = 200
    return thumbnail_png(image)


def test_a_picture_that_cannot_be_decoded_is_told() -> None:
    with pytest.raises(BrokenImageError, match="cannot be decoded"):
        gallery_png(tiles(1), {"image-0": b"\x89PNG\r\n\x1a\n"}, same)
