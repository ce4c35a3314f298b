import base64
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import OptionsError
from reasoned.ledger.paging import Place, place_of
from reasoned.ledger.query import Query

PLACE = Place(top=90, at=1.7e9 + 0.1, seq=17)
QUERY = Query(tenant="acme", label="cat")


def at(cursor: str, query: Query = QUERY) -> Query:
    return query.model_copy(update={"cursor": cursor})


def test_the_first_page_has_no_cursor() -> None:
    assert place_of(QUERY) is None
    assert Place.first(90) == Place(90, math.inf, 91)


@given(
    top=st.integers(0, 2**62),
    seq=st.integers(0, 2**62),
    at_=st.floats(0, 1e11, allow_nan=False),
)
def test_a_place_comes_back_from_its_cursor(top: int, seq: int, at_: float) -> None:
    place = Place(top, at_, seq)

    assert place_of(at(place.cursor(QUERY))) == place


def test_a_cursor_is_safe_in_an_address() -> None:
    assert set(PLACE.cursor(QUERY)) <= {*string.ascii_letters, *string.digits, *"-_="}


def test_a_page_may_be_longer_than_the_one_before() -> None:
    cursor = PLACE.cursor(QUERY)

    assert place_of(at(cursor, QUERY.model_copy(update={"limit": 200}))) == PLACE


@pytest.mark.parametrize("other", [Query(tenant="acme"), Query(tenant="other", label="cat")])
def test_another_query_is_refused(other: Query) -> None:
    with pytest.raises(OptionsError, match="cursor: it belongs to another query"):
        place_of(at(PLACE.cursor(QUERY), other))


@pytest.mark.parametrize(
    "cursor", ["", "7", "not one", "ä", "A" * 48, base64.urlsafe_b64encode(b"\xff" * 36).decode()]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(OptionsError, match="cursor: wanted the cursor of an earlier page"):
        place_of(at(cursor))


@given(place=st.integers(0, 47), sign=st.sampled_from(string.ascii_letters))
def test_a_changed_cursor_is_refused(place: int, sign: str) -> None:
    cursor = PLACE.cursor(QUERY)
    changed = cursor[:place] + sign + cursor[place + 1 :]
    if changed != cursor:
        with pytest.raises(OptionsError, match="cursor: "):
            place_of(at(changed))
