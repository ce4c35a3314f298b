"""The chain, worked by hand."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.audit.chain import canonical, first_link, link, microseconds, moment


def test_a_link_by_hand() -> None:
    row = {"b": "é", "a": 0.5, "at": datetime(1970, 1, 1, 0, 0, 2, 7, UTC), "c": None}
    text = '{"a":0.5,"at":2000007,"b":"é","c":null}'.encode()
    previous = hashlib.sha256(b"{}").hexdigest()

    assert first_link({}) == previous
    assert canonical(row) == text
    assert link(previous, row) == hashlib.sha256(bytes.fromhex(previous) + text).hexdigest()


def test_neither_the_link_nor_the_reply_itself_is_in_it() -> None:
    assert canonical({"a": 1, "chain": "x", "reply": b"y"}) == b'{"a":1}'


def test_a_time_is_one_moment_in_every_zone() -> None:
    here = datetime(2026, 11, 22, 12, tzinfo=UTC)

    assert canonical({"at": here}) == canonical(
        {"at": here.astimezone(timezone(timedelta(hours=5)))}
    )


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match=r"not JSON serializable|a row holds no"):
        canonical({"a": b"bytes"})


@given(st.floats(0, 4e9))
def test_a_time_keeps_its_microseconds(seconds: float) -> None:
    found = moment(seconds)

    assert found.tzinfo is UTC
    assert microseconds(found) == round(1e6 * seconds)
