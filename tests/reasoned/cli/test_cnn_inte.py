"""The command line of the study."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from reasoned.cli.cnn_inte import cnn_inte_command
from reasoned.errors import DataError
from reasoned.fitting.study_figures import StudyFigures
from reasoned.fitting.study_tables import StudyTables
from tests.reasoned.fitting.test_study import tables


def load(_model: Path, data: str, _data_dir: Path | None, groups: str | None) -> StudyTables:
    if data != "three":
        raise DataError(f"no data set is called {data!r}; there is only 'three'")
    if groups not in (None, "^(x)"):
        raise DataError(f"--groups {groups} came")
    return tables()


def run(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    whole = [str(tmp_path), "--trees", "5", "--out", str(tmp_path / "out"), *arguments]
    result = CliRunner().invoke(cnn_inte_command(load), whole)
    return result.exit_code, result.output


@pytest.mark.parametrize("as_json", [False, True])
def test_a_study_is_written_and_told(tmp_path: Path, as_json: bool) -> None:  # noqa: FBT001  a case
    code, output = run(tmp_path, "--data", "three", *(["--json"] if as_json else []))

    assert code == 0
    written = (tmp_path / "out" / "study.json").read_text(encoding="utf-8")
    if as_json:
        assert output == written
    else:
        assert "network route, untrained network" in output
        assert StudyFigures.model_validate_json(written).claim.words in output
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # nothing half-written


def test_unusable_data_is_refused_with_the_reason(tmp_path: Path) -> None:
    code, output = run(tmp_path, "--data", "four")

    assert code == 2
    assert "no data set is called 'four'" in output
    assert list(tmp_path.iterdir()) == []


def test_what_the_tree_learns_and_the_forests_read_may_be_chosen(tmp_path: Path) -> None:
    chosen = ["--target", "truth", "--base-input", "activations", "--reading", "rows"]
    code, output = run(tmp_path, "--data", "three", "--groups", "^(x)", *chosen, "--json")

    found = StudyFigures.model_validate_json(output)
    assert code == 0
    assert (found.target, found.base_input, found.reading) == ("truth", "activations", "rows")


def test_the_groups_of_the_fit_reach_the_data(tmp_path: Path) -> None:
    code, output = run(tmp_path, "--data", "three", "--groups", "^(y)")

    assert (code, "--groups ^(y) came" in output) == (2, True)


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    code, output = run(tmp_path, "--data", "three")

    assert code == 2
    assert "--out must name a new folder" in output


def test_help_gives_examples_and_exit_codes() -> None:
    result = CliRunner().invoke(cnn_inte_command(load), ["--help"])

    assert "reasoned cnn-inte models/fashion --data fashion-mnist" in result.output
    assert "Exit codes:" in result.output
