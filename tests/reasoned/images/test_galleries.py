"""A gallery as one picture."""

import io

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from explainers.errors import ShapeError
from explainers.gallery import Tile
from reasoned.errors import BrokenImageError
from reasoned.images.galleries import MOST_TILES, gallery_png
from reasoned.images.thumbnails import thumbnail_png

HEAT = np.full((3, 3), 255, np.uint8)
GREEN, GREY = (22, 163, 74), (208, 213, 219)
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


def test_a_picture_stands_below_its_image_in_place_of_heat() -> None:
    grey, colour = np.full((4, 2, 1), 77, np.uint8), np.zeros((3, 3, 3), np.uint8)
    colour[:, :, 2] = 200
    found = drawn(
        [
            Tile("image-0", "none"),
            Tile("image-1", "grey", picture=grey),
            Tile("image-2", "colour", picture=colour),
            Tile("image-3", "heat", HEAT),
        ]
    )

    assert found.shape == drawn(tiles(4)).shape
    assert set(np.unique(found[8:112, 120:224])) == {10}  # the plain image, above
    none, one, two = (found[120:224, left : left + 104] for left in (8, 120, 232))
    assert set(np.unique(none)) == {255}
    # Half as wide as high: centred, white beside it.
    assert set(np.unique(one[:, 26:78])) == {77}
    assert set(np.unique(one[:, :26])) == {255}
    np.testing.assert_array_equal(two, np.broadcast_to((0, 0, 200), two.shape))
    np.testing.assert_array_equal(found[120:224, 344:448], drawn(tiles(4))[120:224, 344:448])


def test_pictures_are_bounded_and_equal_ones_give_equal_bytes() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 1100, 3)).astype(np.uint8)
    many = [Tile(tile.example, tile.words, picture=noise) for tile in tiles(MOST_TILES + 5)]

    assert gallery_png(many[:2], PICTURES, same) == gallery_png(many[:2], PICTURES, same)
    assert drawn(many).shape == drawn(tiles(MOST_TILES)).shape


@pytest.mark.parametrize(
    ("tile", "told"),
    [
        (Tile("image-0", "", picture=np.zeros((2, 2, 2), np.uint8)), "1 or 3 channels, not 2"),
        (Tile("image-0", "", picture=np.zeros((2, 2), np.uint8)), "picture must have shape"),
        (Tile("image-0", "", picture=np.zeros((0, 2, 1), np.uint8)), "pixels, not 0 x 2"),
        (Tile("image-0", "", picture=np.zeros((1001, 1000, 1), np.uint8)), "1 to 1000000 pixels"),
        (Tile("image-0", "", np.zeros((2, 2, 1), np.uint8)), "heat must have shape"),
        (Tile("image-0", "", HEAT, np.zeros((2, 2, 1), np.uint8)), "not both"),
        (
            Tile("image-0", "", picture=np.zeros((2, 2, 1))),  # type: ignore[arg-type]  # on purpose
            r"bytes \(uint8\), not float64",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(tile: Tile, told: str) -> None:
    with pytest.raises(ShapeError, match=told):
        gallery_png([tile], PICTURES, same)


@pytest.mark.parametrize(
    ("count", "across", "bands"),
    [(1, 1, 1), (5, 5, 1), (6, 3, 2), (7, 4, 2), (8, 4, 2), (9, 3, 3), (10, 5, 2), (11, 4, 3)],
)
def test_bands_are_as_wide_as_leaves_the_fewest_holes(count: int, across: int, bands: int) -> None:
    one, found = drawn(tiles(across)), drawn(tiles(count))

    assert found.shape[1] == one.shape[1] == across * 112 + 8
    assert found.shape[0] == bands * (one.shape[0] - 8) + 8
    np.testing.assert_array_equal(found[: one.shape[0] - 8], one[:-8])


def test_a_thin_grey_frame_is_around_every_image() -> None:
    found = drawn(tiles(2))

    for high in (7, 112, 119, 224):
        assert set(map(tuple, found[high, 119:225])) == {GREY}
    assert set(map(tuple, found[7:113, 119])) == set(map(tuple, found[7:113, 224])) == {GREY}


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
