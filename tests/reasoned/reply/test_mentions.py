import json
import string
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.reply.mentions import STRUCK, Mentions

IDS = Mentions(frozenset({"train-000017", "train-000018"}))
TOUCHING = string.ascii_letters + string.digits + "_-"
words = st.text(string.ascii_letters + ' .,-_"\\\n%é', max_size=12)
ids = st.from_regex(r"[a-z]{1,5}-[0-9]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("like train-000017.", f"like {STRUCK}."),
        ("train-000017, train-000018", f"{STRUCK}, {STRUCK}"),
        ("/v1/examples/train-000017.png", f"/v1/examples/{STRUCK}.png"),
        ("(train-000017)", f"({STRUCK})"),
        ("a.train-000017.b", f"a.{STRUCK}.b"),
        ("train-000017", STRUCK),
        ("", ""),
    ],
)
def test_an_id_is_struck_where_nothing_touches_it(text: str, struck: str) -> None:
    assert IDS.strike(text) == struck


@pytest.mark.parametrize(
    "text", ["train-0000170", "xtrain-000017", "train-000017_b", "train-000017-b", "train-000019"]
)
def test_what_only_begins_like_an_id_stays(text: str) -> None:
    assert IDS.strike(text) == text


def test_ids_with_dots_are_struck_whole() -> None:
    dotted = Mentions(frozenset({"a.1", "a.1.b", "c"}))

    assert dotted.strike("a.1.b, a.1.c and a.1") == f"{STRUCK}, {STRUCK}.{STRUCK} and {STRUCK}"
    assert dotted.found("x.a.1.y") == {"a.1"}


def test_records_and_names_leave_their_lists_and_values_become_null() -> None:
    given: dict[str, Any] = {
        "id": "request",
        "examples": [{"id": "train-000017", "image": "/v1"}, {"id": "train-000019"}],
        "contrast": {"id": "train-000018", "distance": 1.0},
        "closest": {"example": "train-000017", "distance": 2.5},
        "medoids": ["train-000018", "train-000020"],
        "sentence": "like train-000017",
        "train-000017": 1,
        "numbers": [1, None, True, 2.5],
    }

    assert IDS.without(given) == {
        "id": "request",
        "examples": [{"id": "train-000019"}],
        "contrast": None,
        "closest": {"example": None, "distance": 2.5},
        "medoids": ["train-000020"],
        "sentence": f"like {STRUCK}",
        "numbers": [1, None, True, 2.5],
    }


def test_json_that_mentions_none_stays_byte_for_byte() -> None:
    data = b'{ "spaced" : 1.50, "id":"train-000019" }'

    assert IDS.without_bytes(data) is data
    assert Mentions(frozenset()).without_bytes(data) is data


def test_an_id_behind_an_escape_is_found() -> None:
    data = json.dumps({"sentence": "like\ntrain-000017"}).encode()

    assert b"train-000017" not in IDS.without_bytes(data)


@given(st.frozensets(ids, min_size=1, max_size=5), st.lists(st.tuples(words, ids, words)))
def test_no_id_is_left_whatever_stands_around_it(
    hidden: frozenset[str], pieces: list[tuple[str, str, str]]
) -> None:
    mentions = Mentions(hidden)
    some = sorted(hidden)
    texts = [f"{a} {some[i % len(some)]} {b} {other}" for i, (a, other, b) in enumerate(pieces)]
    data = orjson.dumps({"texts": texts, "ids": [*some, "other-000000"], "one": some[0]})

    left = mentions.without_bytes(data)

    for one in hidden - {"other-000000"}:
        at = left.find(one.encode())
        while at >= 0:  # only as a part of a longer name
            around = left[at - 1 : at] + left[at + len(one) : at + len(one) + 1]
            assert any(chr(byte) in TOUCHING for byte in around), (one, left)
            at = left.find(one.encode(), at + 1)
    assert orjson.loads(left).keys() == {"texts", "ids", "one"}
