from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from explainers.errors import ShapeError
from reasoned.images.decode import decode_image
from reasoned.images.thumbnails import thumbnail_png


@pytest.mark.parametrize("channels", [1, 3])
def test_a_small_image_is_kept_as_it_is(channels: int) -> None:
    image = np.random.default_rng(3).integers(0, 256, (28, 20, channels), dtype=np.uint8)

    np.testing.assert_array_equal(decode_image(thumbnail_png(image)), image)


@pytest.mark.parametrize(
    ("rows", "columns", "wanted"),
    [(200, 100, (96, 48)), (100, 400, (24, 96)), (97, 97, (96, 96)), (1000, 1, (96, 1))],
)
def test_the_longer_side_is_reduced(rows: int, columns: int, wanted: tuple[int, int]) -> None:
    found = decode_image(thumbnail_png(np.full((rows, columns, 3), 77, np.uint8)))

    assert found.shape == (*wanted, 3)
    assert found.min() == found.max() == 77


def test_the_limit_is_an_argument() -> None:
    assert decode_image(thumbnail_png(np.zeros((50, 30, 1), np.uint8), most=10)).shape == (10, 6, 1)


def test_the_same_image_gives_the_same_bytes_and_no_metadata() -> None:
    image = np.random.default_rng(3).integers(0, 256, (120, 90, 3), dtype=np.uint8)
    encoded = thumbnail_png(image)

    assert encoded == thumbnail_png(image.copy())
    with Image.open(BytesIO(encoded)) as picture:
        assert isinstance(picture, PngImageFile)
        assert picture.info == {}
        assert picture.text == {}


def test_a_wrong_shape_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"image must have shape \(rows, columns, channels\)"):
        thumbnail_png(np.zeros((5, 5), np.uint8))
