"""The stored replies, and where two replies differ."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import FolderError
from reasoned.folder.selftest import (
    FILE,
    IMAGES,
    SelfTest,
    difference,
    read_selftest,
    write_selftest,
)
from reasoned.images.decode import decode_image

REPLY: dict[str, Any] = {
    "id": "1",
    "model": {"sha256": "a"},
    "n": 1,
    "p": [0.5, {"x": "y"}],
    "e": None,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 2}, "reply.n is 2, not 1"),
        ({"n": 1.0}, "reply.n is 1.0, not 1"),
        ({"n": True}, "reply.n is True, not 1"),
        ({"e": False}, "reply.e is False, not None"),
        ({"p": [0.5]}, "reply.p has 1 entries, not 2"),
        ({"p": [0.502, {"x": "y"}]}, "reply.p[0] is 0.502, not 0.5"),
        ({"p": [0.5, {"x": "z"}]}, "reply.p[1].x is 'z', not 'y'"),
        ({"p": [0.5, {}]}, "reply.p[1] has the fields [], not ['x']"),
        ({"p": {"x": "y"}}, "reply.p is {'x': 'y'}, not [0.5, {'x': 'y'}]"),
        ({"q": 1}, "reply has the fields ['e', 'id', 'model', 'n', 'p', 'q'], not "),
        ({"id": "2", "model": {"name": "other"}}, None),
        ({"p": [0.5004, {"x": "y"}]}, None),
        ({}, None),
    ],
)
def test_the_first_difference_is_told_by_its_place(
    change: dict[str, Any], words: str | None
) -> None:
    found = difference(REPLY, REPLY | change)

    assert (found is None) if words is None else (found or "").startswith(words)


def test_a_whole_number_may_stand_for_a_float() -> None:
    assert difference({"p": 1.0}, {"p": 1}) is None
    assert difference({"p": 1.0}, {"p": "1"}) == "reply.p is '1', not 1.0"


def test_large_numbers_may_differ_by_a_thousandth_of_themselves() -> None:
    assert difference({"d": 5000.0}, {"d": 5004.0}) is None
    assert difference({"d": 5000.0}, {"d": 5006.0}) == "reply.d is 5006.0, not 5000.0"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(reply=PLAIN)
def test_nothing_differs_from_itself(reply: object) -> None:
    assert difference(reply, copy.deepcopy(reply)) is None
    assert difference(reply, json.loads(json.dumps(reply))) is None


def test_what_is_written_is_read(tmp_path: Path) -> None:
    tests = [SelfTest(b"\x89PNG", {"a": 1.5, "é": None}), SelfTest(b"", {})]
    write_selftest(tmp_path, tests)

    assert read_selftest(tmp_path) == tests


def test_a_model_carries_thirty_two_images_that_decode(digits_folder: Path) -> None:
    tests = read_selftest(digits_folder)

    assert len(tests) == IMAGES == 32
    assert {decode_image(test.image).shape for test in tests} == {(8, 8, 1)}
    assert len({test.image for test in tests}) == 32


@pytest.mark.parametrize("text", ["", "{}x", "[1]", '[{"image": "AA=="}]', '[{"reply": {}}]', "3"])
def test_anything_else_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    with pytest.raises(FolderError, match=r"selftest\.json is not a readable self-test"):
        read_selftest(tmp_path)


def test_a_missing_self_test_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"selftest\.json is not a readable self-test"):
        read_selftest(tmp_path)
