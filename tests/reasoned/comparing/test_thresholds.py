"""Thresholds from a file, from options and by default."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from reasoned.comparing.thresholds import Thresholds, read_thresholds
from reasoned.errors import OptionsError


def test_options_count_more_than_the_file_and_the_file_more_than_the_defaults(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gate.json"
    path.write_text(json.dumps({"max_fidelity_drop": 0.1, "max_class_change": 0.2}), "utf-8")

    found = read_thresholds(path, max_class_change=0.3, max_status_change=None)

    assert found.max_fidelity_drop == 0.1
    assert found.max_class_change == 0.3
    assert found.max_status_change == Thresholds().max_status_change


def test_without_a_file_there_are_the_defaults() -> None:
    assert read_thresholds(None) == Thresholds()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"max_fidelity": 0.1}', "gate.json must be a JSON object .*; max_fidelity is wrong"),
        ('{"max_fidelity_drop": 1.1}', "max_fidelity_drop is wrong: .* less than or equal to 1"),
        ('{"max_lost_methods": -1}', "max_lost_methods is wrong"),
        ('{"max_fidelity_drop": true}', "max_fidelity_drop is wrong: .* valid number"),
        ('{"max_fidelity_drop": "0.1"}', "max_fidelity_drop is wrong: .* valid number"),
        (f'{{"{"x" * 1000}": 1}}', "; x{100} is wrong"),
        ("[]", "the whole is wrong"),
        ("{", "the whole is wrong: Invalid JSON"),
    ],
)
def test_a_file_that_is_not_as_documented_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(OptionsError, match=words):
        read_thresholds(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match=r"none\.json cannot be read"):
        read_thresholds(tmp_path / "none.json")


def test_what_is_given_one_by_one_is_checked_too() -> None:
    with pytest.raises(OptionsError, match=r"thresholds must be .*; max_class_change is wrong"):
        read_thresholds(None, max_class_change=2.0)


def test_thresholds_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Thresholds().max_class_change = 1.0  # type: ignore[misc]  # that it is refused is the test
