"""How commands speak."""

import json

import pytest

from explainers.errors import FittingError
from reasoned.cli.speaking import say, share, spoken, table
from reasoned.errors import FolderError


@pytest.mark.parametrize(("as_finding", "code"), [(False, 2), (True, 1)])
def test_an_error_on_purpose_is_one_line(
    capsys: pytest.CaptureFixture[str],
    as_finding: bool,  # noqa: FBT001  a case
    code: int,
) -> None:
    for error in (FolderError("it is broken"), FittingError("it is broken")):
        with pytest.raises(SystemExit) as found, spoken(as_finding=as_finding):
            raise error
        assert found.value.code == code
        assert capsys.readouterr() == ("", "Error: it is broken\n")


def test_other_errors_are_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError), spoken():
        raise ZeroDivisionError


def test_a_result_is_for_a_machine_or_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    say({"a": "é"}, as_json=True, text="words")
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"a": "é"}
    assert "é" in printed

    say({"a": 1}, as_json=False, text="words")
    assert capsys.readouterr().out == "words\n"


def test_columns_are_aligned_and_have_no_tails() -> None:
    assert table([("a", "b"), ("long", "")]) == "a     b\nlong"


@pytest.mark.parametrize(("value", "text"), [(0.98765, "98.77 %"), (1, "100.00 %"), (None, "-")])
def test_a_share_is_a_percentage_or_a_dash(value: object, text: str) -> None:
    assert share(value) == text
