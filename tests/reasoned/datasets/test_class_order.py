import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.datasets.class_order import class_positions
from reasoned.errors import DataError


def test_without_a_wish_the_order_is_that_of_the_data() -> None:
    names, positions = class_positions("data", ("b", "a"), None)

    assert names == ("b", "a")
    assert positions.tolist() == [0, 1]


@given(st.permutations(["ant", "bee", "cat", "dog"]))
def test_every_class_keeps_its_name(wanted: list[str]) -> None:
    found = ("ant", "bee", "cat", "dog")

    names, positions = class_positions("data", found, tuple(wanted))

    assert names == tuple(wanted)
    assert [names[position] for position in positions] == list(found)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (("ant",), r"classes of data; there but not named: 'bee'$"),
        (("ant", "bee", "cat"), r"classes of data; not found there: 'cat'$"),
        (("ant", "Bee"), r"not found there: 'Bee'; there but not named: 'bee'$"),
        (("ant", "bee", "ant"), r"name each class once, but repeats 'ant'$"),
        ((), r"there but not named: 'ant', 'bee'$"),
    ],
)
def test_the_difference_is_named(wanted: tuple[str, ...], told: str) -> None:
    with pytest.raises(DataError, match=told):
        class_positions("data", ("ant", "bee"), wanted)


def test_a_long_difference_is_cut() -> None:
    with pytest.raises(DataError, match=r"'c9' and 990 more$"):
        class_positions("data", (), tuple(f"c{number}" for number in range(1000)))
