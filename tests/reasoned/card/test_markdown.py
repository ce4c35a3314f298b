import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.card.markdown import UNPRINTED, bullets, code, figure, percent, plain, table

MARKS = set("\\`*_{}[]<>#|~&!$")


def test_marks_are_escaped_and_line_ends_are_blanks() -> None:
    assert plain("a_b|c\n# <b>\t*x*") == r"a\_b\|c \# \<b\> \*x\*"


@given(st.text())
def test_no_mark_is_left_and_nothing_is_lost(text: str) -> None:
    found = plain(text)

    pieces = re.findall(r"\\.|[^\\]", found, re.DOTALL)
    assert not {piece for piece in pieces if piece in MARKS}
    assert "".join(piece[-1] for piece in pieces) == UNPRINTED.sub(" ", text).strip()


def test_what_is_not_printed_is_a_blank() -> None:
    hidden = "safe\x1b[2J\x00\u202eegral\ufeff\x9b"

    assert plain(hidden) == r"safe \[2J egral"
    assert code(hidden) == "```\nsafe [2J egral\n```"


@pytest.mark.parametrize("line", ["reasoned fit", "a ``` b", "`" * 7])
def test_a_code_block_ends_where_it_should(line: str) -> None:
    fence, inside, end = code(f" {line}\n").split("\n")

    assert inside == line
    assert fence == end
    assert set(fence) == {"`"}
    assert fence not in line


def test_a_table_and_a_list() -> None:
    assert table(("a", "b"), [("1|2", "x")]) == "| a | b |\n| --- | --- |\n| 1\\|2 | x |"
    assert bullets(["one", "**two**"]) == "- one\n- **two**"


def test_numbers_as_they_are_written() -> None:
    assert (percent(0.98765), percent(1), percent(None), percent(value=True)) == (
        "98.77 %",
        "100.00 %",
        "-",
        "-",
    )
    assert [figure(value) for value in (0.123456789, 10000, True, False, None, "text")] == [
        "0.123457",
        "10000",
        "yes",
        "no",
        "-",
        "text",
    ]
