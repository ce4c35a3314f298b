"""Heat over a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from explainers.arrays import ByteArray
from explainers.errors import ShapeError
from reasoned.images.overlays import fitted, heat_colours, overlaid


def grey(value: int, wide: int = 6, high: int = 4) -> Image.Image:
    return Image.new("RGB", (wide, high), (value, value, value))


def array(picture: Image.Image) -> ByteArray:
    return np.asarray(picture)


def test_more_heat_is_lighter() -> None:
    colours = heat_colours(np.arange(256, dtype=np.uint8)[None])[0].astype(float)
    lightness = colours @ (0.2126, 0.7152, 0.0722)

    assert colours.shape == (256, 3)
    assert np.all(np.diff(lightness) >= 0)
    assert tuple(colours[0]) == (0, 0, 4)
    assert tuple(colours[255]) == (252, 255, 164)


def test_without_heat_the_picture_is_grey_and_the_same() -> None:
    cold = np.zeros((2, 2), np.uint8)

    np.testing.assert_array_equal(array(overlaid(grey(90), cold)), array(grey(90)))


def test_a_blend_by_hand() -> None:
    # Full heat: 0.2 of the grey and 0.8 of the palest yellow.
    found = array(overlaid(grey(100), np.full((1, 1), 255, np.uint8)))

    assert tuple(found[0, 0]) == (222, 224, 151)  # 20 + 201.6, 20 + 204, 20 + 131.2
    assert len(np.unique(found.reshape(-1, 3), axis=0)) == 1


def test_heat_lies_where_it_belongs() -> None:
    heat = np.zeros((4, 4), np.uint8)
    heat[0, 3] = 255  # above, on the right
    found = array(overlaid(grey(0, 40, 80), heat)).sum(axis=2)

    assert np.unravel_index(found.argmax(), found.shape)[0] < 20
    assert np.unravel_index(found.argmax(), found.shape)[1] >= 30
    assert found[40:].max() <= found[79, 0]


@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]), st.sampled_from([8, 16, 64])
)
def test_a_picture_keeps_its_proportions(rows: int, columns: int, channels: int, side: int) -> None:
    found = fitted(np.zeros((rows, columns, channels), np.uint8), side)

    assert max(found.size) == side
    assert found.mode == "RGB"
    assert abs(found.width * rows - found.height * columns) <= max(rows, columns)


def test_few_pixels_stay_visible() -> None:
    found = array(fitted(np.array([[[0], [255]]], np.uint8), 8))

    np.testing.assert_array_equal(np.unique(found), [0, 255])
    assert found.shape == (4, 8, 3)


def test_other_arrays_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"heat must have shape \(rows, columns\)"):
        heat_colours(np.zeros(3, np.uint8))
    with pytest.raises(ShapeError, match=r"image must have shape \(rows, columns, channels\)"):
        fitted(np.zeros((3, 3), np.uint8), 8)
