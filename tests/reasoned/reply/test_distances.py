from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.reply.distances import rounded_region, shown_distance

far = st.floats(0.0, 1e9)


@pytest.mark.parametrize(
    ("distance", "floor", "shown"),
    [
        (0.0, 1.25, 1.2),
        (1.3, 1.25, 1.3),
        (12.449, 1.25, 12.0),
        (123.4, 1.25, 120.0),
        (0.012345, 0.0, 0.012),
        (99.6, 0.0, 100.0),
    ],
)
def test_two_digits_are_shown_and_nothing_below_the_floor(
    distance: float, floor: float, shown: float
) -> None:
    assert shown_distance(distance, floor) == shown


@given(far, far, st.floats(1e-6, 1e6))
def test_order_stays_and_what_is_below_the_floor_is_one(
    first: float, second: float, floor: float
) -> None:
    near, away = sorted((first, second))

    assert shown_distance(near, floor) <= shown_distance(away, floor)
    assert shown_distance(near, floor) > 0.0
    assert shown_distance(min(near, floor), floor) == shown_distance(0.0, floor)


def body(*away: float, relative: float | None = 0.123456) -> dict[str, Any]:
    return {
        "closest": {"distance": 1.23456, "relative": relative, "example": "b"},
        "similar": [{"id": f"image-{i}", "distance": d} for i, d in enumerate(away)],
    }


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        ((0.0, 2.345, 3.21, 4.0), [2.3, 2.3, 3.2, 4.0]),
        ((1.2, 2.345), [2.3, 2.3]),
        ((0.0, 0.0, 3.21), [3.2, 3.2, 3.2]),  # stored twice
        ((0.0,), []),
        ((5.0,), []),
        ((0.0, 0.0), []),
        ((), []),
    ],
)
def test_the_nearest_similar_image_is_as_near_as_the_second(
    away: tuple[float, ...], shown: list[float]
) -> None:
    found = rounded_region(body(*away))

    assert [one["distance"] for one in found["similar"]] == shown


def test_a_copy_cannot_be_told_from_what_lies_beside_it() -> None:
    assert rounded_region(body(0.0, 2.0, 3.0)) == rounded_region(body(1.9, 2.0, 3.0))


def test_the_share_of_the_way_is_rounded_and_the_facets_distance_stays() -> None:
    found = rounded_region(body(1.0, 2.0))["closest"]

    assert found == {"distance": 1.23456, "relative": 0.12, "example": "b"}
    assert rounded_region(body(1.0, 2.0, relative=None))["closest"]["relative"] is None
    assert rounded_region({"closest": None, "similar": []}) == {"closest": None, "similar": []}
