"""What a client may ask of one reply."""

import dataclasses
from typing import Any

import pytest

from reasoned.errors import OptionsError
from reasoned.reply.options import DEFAULT, ReplyOptions


def test_the_defaults_are_those_that_are_documented() -> None:
    assert dataclasses.astuple(DEFAULT) == ("trace", None, 5, None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"explain": "all"}, "explain must be none, trace or full, not 'all'"),
        ({"neighbours": -1}, "neighbours must be 0 to 20, not -1"),
        ({"neighbours": 21}, "neighbours must be 0 to 20, not 21"),
        ({"deadline_ms": 0}, "deadline_ms must be above 0, not 0"),
        ({"deadline_ms": -2.5}, r"deadline_ms must be above 0, not -2\.5"),
        ({"deadline_ms": float("inf")}, "deadline_ms must be above 0, not inf"),
        ({"deadline_ms": float("nan")}, "deadline_ms must be above 0, not nan"),
    ],
)
def test_what_cannot_be_asked_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionsError, match=f"^{words}$"):
        ReplyOptions(**given)


@pytest.mark.parametrize("neighbours", [0, 20])
def test_the_ends_of_the_range_are_within(neighbours: int) -> None:
    assert ReplyOptions(neighbours=neighbours).neighbours == neighbours
