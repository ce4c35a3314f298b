"""Some of many."""

from hypothesis import given
from hypothesis import strategies as st

from reasoned.stability.spacing import evenly


def test_places_worked_by_hand() -> None:
    assert evenly(10, 4) == [0, 2, 5, 7]
    assert evenly(3, 5) == [0, 1, 2]


@given(st.integers(0, 500), st.integers(1, 100))
def test_places_are_different_and_exist(count: int, most: int) -> None:
    found = evenly(count, most)

    assert len(found) == min(count, most)
    assert found == sorted(set(found))
    assert all(0 <= place < count for place in found)
