"""``reasoned examples``: a list that a running service follows."""

import json
from pathlib import Path

import pytest

from reasoned.ledger.ledger import Ledger
from reasoned.model import ExplainedModel
from tests.reasoned.cli.conftest import Run


@pytest.fixture
def address(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite3"
    Ledger.open(str(path)).close()
    return path


def test_an_image_is_withheld_listed_and_restored(run: Run, address: Path) -> None:
    to = ("--ledger", address)
    first = run("examples", "withhold", "train-004711", "--reason", "by letter", *to)
    again = run("examples", "withhold", "train-004711", *to)
    listed = run("examples", "list", *to)
    back = run("examples", "restore", "train-004711", *to)
    twice = run("examples", "restore", "train-004711", *to)

    assert (first.code, first.out) == (0, "train-004711 is withheld now.\n")
    assert first.err == "no model was checked; --model DIR checks that it can be shown\n"
    assert (again.code, again.out) == (1, "train-004711 was withheld already.\n")
    assert listed.out.startswith("train-004711  20")
    assert listed.out.endswith("on the command line  by letter\n")
    assert (back.code, back.out) == (0, "train-004711 is shown again.\n")
    assert (twice.code, twice.out) == (1, "train-004711 was not withheld.\n")
    assert run("examples", "list", *to).out == "No training image is withheld.\n"


def test_a_machine_reads_lines_of_json(run: Run, address: Path) -> None:
    to = ("--ledger", address, "--json")
    made = run("examples", "withhold", "train-004712", *to)
    run("examples", "withhold", "train-004711", *to)
    listed = [json.loads(line) for line in run("examples", "list", *to).out.splitlines()]

    assert made.record == {"example": "train-004712", "new": True}
    assert [one["example"] for one in listed] == ["train-004711", "train-004712"]
    assert listed[0]["reason"] is None
    assert run("examples", "restore", "train-004711", *to).record == {
        "example": "train-004711",
        "restored": True,
    }


def test_a_model_says_whether_it_shows_such_an_image(
    run: Run, address: Path, digits_folder: Path, digits_model: ExplainedModel
) -> None:
    shown = next(iter(digits_model.thumbnails))
    asked = ("--model", digits_folder, "--ledger", address)

    assert digits_model.shows(shown)
    made = run("examples", "withhold", shown, *asked)
    assert (made.code, made.err) == (0, "")
    other = run("examples", "withhold", "train-999999", *asked)
    assert other.code == 2
    assert f"{digits_folder} shows no image 'train-999999'" in " ".join(other.err.split())


@pytest.mark.parametrize("word", ["3", "cat", "train-1", "../../x", "train-000001x"])
def test_a_word_that_is_no_id_is_refused(run: Run, address: Path, word: str) -> None:
    found = run("examples", "withhold", word, "--ledger", address)

    assert found.code == 2
    assert f"{word!r} does not read like train-004711" in " ".join(found.err.split())


def test_an_empty_reason_is_refused(run: Run, address: Path) -> None:
    found = run("examples", "withhold", "train-004711", "--reason", "", "--ledger", address)

    assert found.code == 2
    assert "at least 1 character" in found.err


def test_no_ledger_is_made_by_asking(run: Run, tmp_path: Path) -> None:
    found = run("examples", "list", "--ledger", tmp_path / "none")

    assert found.code == 2
    assert "there is no ledger" in found.err
    assert not (tmp_path / "none").exists()
