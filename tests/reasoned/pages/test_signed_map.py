"""Signed numbers as a picture."""

from io import BytesIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reasoned.pages.signed_map import signed_colours, signed_png

BLUE, RED, GREY, WHITE = [23, 78, 166], [180, 35, 24], [182, 190, 201], [255, 255, 255]


def test_the_largest_is_deepest_and_what_is_open_is_grey() -> None:
    found = signed_colours([[2.0, -2.0], [1.0, 0.0]], [[True, True], [False, False]])

    assert found.tolist() == [[BLUE, RED], [GREY, WHITE]]


def test_nothing_at_all_is_white() -> None:
    assert signed_colours([[0.0, 0.0]], [[True, False]]).tolist() == [[WHITE, WHITE]]


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=20))
def test_larger_numbers_are_never_paler(numbers: list[float]) -> None:
    found = signed_colours([numbers], [[True] * len(numbers)])[0].astype(int)
    for sign in (1.0, -1.0):
        own = [place for place, number in enumerate(numbers) if sign * number > 0]
        order = sorted(own, key=lambda place: abs(numbers[place]))
        assert np.all(np.diff(found[order].sum(axis=1)) <= 0)


def test_a_png_shows_few_pixels_as_such() -> None:
    picture = Image.open(BytesIO(signed_png([[1.0, -1.0]], [[True, True]])))

    assert picture.size == (224, 112)
    assert [list(np.asarray(picture)[50, x]) for x in (111, 112)] == [BLUE, RED]
