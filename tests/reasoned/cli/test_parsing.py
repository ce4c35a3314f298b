"""What options take besides words and whole numbers."""

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.cli.parsing import class_file, method_options, numbers, size

CONTEXT = click.Context(click.Command("x"))
OPTION = click.Option(["--x"])


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=4))
def test_numbers_are_read_as_they_were_written(given_numbers: list[float]) -> None:
    text = ",".join(repr(one) for one in given_numbers)

    assert numbers(CONTEXT, OPTION, text) == tuple(given_numbers)
    assert numbers(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize("text", ["", "a", "0.5;0.5", "0.5,", "0.5,,0.5"])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"must be numbers, such as 0\.485,0\.456,0\.406"):
        numbers(CONTEXT, OPTION, text)


@pytest.mark.parametrize(
    ("text", "found"), [("64", (64, 64)), ("48x64", (48, 64)), ("8X9", (8, 9)), (None, None)]
)
def test_a_size_is_rows_by_columns(text: str | None, found: tuple[int, int] | None) -> None:
    assert size(CONTEXT, OPTION, text) == found


@pytest.mark.parametrize("text", ["", "0", "-3", "8x", "x8", "1x2x3", "8.5", "8*8", "0x9"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="must be 64 or 48x64"):
        size(CONTEXT, OPTION, text)


def test_a_class_file_has_a_name_per_line(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_text("  second \n\nfirst one\nétroit\n", encoding="utf-8")

    assert class_file(CONTEXT, OPTION, path) == ("second", "first one", "étroit")
    assert class_file(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize("text", ["", "one\n", "one\none\n"])
def test_fewer_than_two_or_repeated_names_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "classes.txt"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(
        click.BadParameter, match=r"classes\.txt must hold at least two class names"
    ):
        class_file(CONTEXT, OPTION, path)


def test_a_class_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(click.BadParameter, match=r"classes\.txt must be UTF-8 text"):
        class_file(CONTEXT, OPTION, path)


def test_options_of_methods_are_read_by_method_and_name() -> None:
    given_options = ("a.x=1", "b.y=left=right", "a.z=two words")

    assert method_options(CONTEXT, OPTION, given_options) == {
        "a": {"x": "1", "z": "two words"},
        "b": {"y": "left=right"},
    }
    assert method_options(CONTEXT, OPTION, ()) == {}


@pytest.mark.parametrize("text", ["", "x", "a.x", "x=1", ".x=1", "a.=1", "a.x=", "=1"])
def test_other_options_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"must be METHOD\.NAME=VALUE, as repr.*, not"):
        method_options(CONTEXT, OPTION, (text,))
    with pytest.raises(click.BadParameter, match=r"sets a\.x twice"):
        method_options(CONTEXT, OPTION, ("a.x=1", "a.x=1"))
