import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import ImageTooLargeError, OptionsError
from reasoned.images.pixels import pixels_image


def test_rows_of_numbers_are_a_grey_image() -> None:
    found = pixels_image([[0, 1, 2], [253, 254, 255]])

    np.testing.assert_array_equal(found, [[[0], [1], [2]], [[253], [254], [255]]])
    assert found.dtype == np.uint8


def test_rows_of_single_numbers_in_lists_are_a_grey_image_too() -> None:
    np.testing.assert_array_equal(pixels_image([[[7], [8]]]), [[[7], [8]]])


def test_rows_of_three_numbers_are_a_colour_image() -> None:
    found = pixels_image([[[1, 2, 3]], [[4, 5, 6]]])

    np.testing.assert_array_equal(found, [[[1, 2, 3]], [[4, 5, 6]]])


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        (None, "pixels is null"),
        (True, "pixels is a truth value"),
        (5, "pixels is a number"),
        ("[[1]]", "pixels is text"),
        ({"0": [1]}, "pixels is an object"),
        ([], "pixels is empty"),
        ([[]], "row 0 is empty"),
        ([1, 2, 3], "row 0 is a number"),
        ([[1, 2], None], "row 1 is null"),
        ([[1, 2], [3]], "row 1 holds 1 columns where row 0 holds 2"),
        ([[1, 2], [3, 4, 5]], "row 1 holds 3 columns"),
        ([[1, 2], []], "row 1 is empty"),
        ([[1, 256]], "row 0 holds a number outside 0 to 255"),
        ([[-1, 2]], "row 0 holds a number outside 0 to 255"),
        ([[10**400]], "row 0 holds a number outside 0 to 255"),
        ([[1.0, 2.0]], "row 0 holds a number with a point"),
        ([[1, 2], [3, 4.5]], "row 1 holds a number with a point"),
        ([[math.nan]], "row 0 holds a number with a point"),
        ([[math.inf]], "row 0 holds a number with a point"),
        ([[True, False]], "row 0 holds a truth value"),
        ([[1, None]], "row 0 holds null"),
        ([["1"]], "row 0 holds text"),
        ([[{}]], "row 0 holds an object"),
        ([[[]]], "row 0, column 0 holds 0 numbers"),
        ([[[1, 2]]], "row 0, column 0 holds 2 numbers"),
        ([[[1, 2, 3, 4]]], "row 0, column 0 holds 4 numbers"),
        ([[[1, 2, 3], [1]]], "row 0 holds a column that is not a list of length 3"),
        ([[[1], 2]], "row 0 holds a column that is not a list of length 1"),
        ([[1, [2]]], "row 0 holds a list"),
        ([[[[1]]]], "row 0 holds a list"),
        ([[[1, 2, None]]], "row 0 holds null"),
    ],
)
def test_anything_else_is_refused_with_its_place(pixels: object, told: str) -> None:
    with pytest.raises(OptionsError, match=rf"pixels must be a list of equally .+; {told}"):
        pixels_image(pixels)


def test_a_thousand_nested_lists_are_not_followed() -> None:
    # As deep as json goes by itself; nothing here calls itself, so any depth would do.
    deep = json.loads("[" * 900 + "]" * 900)

    with pytest.raises(OptionsError, match="row 0"):
        pixels_image(deep)


def test_the_count_is_limited_before_the_rows_are_read() -> None:
    assert pixels_image([[0] * 4] * 3, most_values=12).shape == (3, 4, 1)
    with pytest.raises(ImageTooLargeError, match="at most 11 numbers, not 3 x 4 x 1"):
        pixels_image([[0] * 4] * 3, most_values=11)
    with pytest.raises(ImageTooLargeError, match="at most 35 numbers, not 3 x 4 x 3"):
        pixels_image([[[0] * 3] * 4] * 3, most_values=35)
    # A row that is no row at all would be found later.
    with pytest.raises(ImageTooLargeError, match="at most 65536 numbers, not 65537 x 1 x 1"):
        pixels_image([[0], *[None] * 65_536])


@given(
    st.integers(1, 6).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 255), min_size=columns, max_size=columns), min_size=1
        )
    )
)
def test_every_image_of_bytes_comes_back(rows: list[list[int]]) -> None:
    assert pixels_image(rows)[:, :, 0].tolist() == rows


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
        max_leaves=20,
    )
)
def test_any_json_gives_an_image_or_a_refusal(value: object) -> None:
    try:
        found = pixels_image(value)
    except OptionsError:
        return
    assert found.ndim == 3
