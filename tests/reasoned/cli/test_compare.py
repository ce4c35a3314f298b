"""The command line of comparisons, on the digits."""

from pathlib import Path

import pytest

from explainers.fitting_contract import silent
from reasoned.comparing.figures import ComparisonFigures
from reasoned.comparing.thresholds import Thresholds
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings
from reasoned.folder.writing import new_folder
from tests.reasoned.cli.conftest import Run


@pytest.fixture(scope="module")
def other_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fit the digits by another seed: other splits, another network, another explainer."""
    target = tmp_path_factory.mktemp("models") / "other"
    asked = FitSettings(
        dataset=open_dataset("digits"),
        spec="digits",
        name="other",
        methods=("meta_forest",),
        seed=1,
        threads=1,
    )
    with new_folder(target, replace=False) as folder:
        fit_model(asked, folder, silent)
    return target


def test_a_model_and_itself_pass(digits_folder: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "made" / "comparison"
    asked = ("compare", digits_folder, digits_folder, "--data", "digits", "--images", 50)
    found = run(*asked, "--out", out)

    assert found.code == 0, found.err
    assert "The gate is passed: none of 14 thresholds is crossed." in found.out
    assert f"Page: {out / 'comparison.html'}" in found.out
    assert sorted(path.name for path in out.iterdir()) == ["comparison.html", "comparison.json"]
    assert [path.name for path in out.parent.iterdir()] == ["comparison"]  # nothing half-written
    written = (out / "comparison.json").read_text(encoding="utf-8")
    figures = ComparisonFigures.model_validate_json(written)
    assert (figures.images, figures.crossed, figures.worst) == (50, False, ())


def test_another_seed_is_held_and_told(
    digits_folder: Path, other_folder: Path, run: Run, tmp_path: Path
) -> None:
    out, file = tmp_path / "comparison", tmp_path / "gate.json"
    file.write_text('{"max_lost_methods": 1, "min_example_agreement": 0.99}', encoding="utf-8")
    asked = ("compare", digits_folder, other_folder, "--data", "digits", "--thresholds", file)
    found = run(*asked, "--max-class-change", 1, "--json", "--out", out)

    assert found.code == 1, found.err
    figures = ComparisonFigures.model_validate(found.record)
    checks = {check.option: check for check in figures.checks if not check.of}
    assert checks["min_example_agreement"].outcome == "over"
    assert (checks["max_class_change"].wanted, checks["max_class_change"].outcome) == (1, "within")
    assert (figures.lost, figures.gained) == (("additive",), ())
    assert figures.notes[0].endswith("test images of A are left out: B's fit has used them.")
    assert 0 < figures.images < 300
    assert 0 < figures.regions[0].agreement < 1
    assert (out / "comparison.json").read_text(encoding="utf-8") == found.out
    assert "test images of A are left out" in (out / "comparison.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("--data", "digit"), "did you mean digits?"),
        (("--max-class-change", "2"), "2.0 is not in the range 0<=x<=1"),
        (("--max-lost-methods", "0.5"), "'0.5' is not a valid integer range"),
        (("--groups", "^(x)"), "--groups goes by file names"),
    ],
)
def test_what_cannot_be_is_refused(
    digits_folder: Path, run: Run, changed: tuple[str, ...], words: str
) -> None:
    found = run("compare", digits_folder, digits_folder, "--data", "digits", *changed)

    assert (found.code, found.out) == (2, "")
    assert words in found.err


def test_thresholds_that_there_are_not_are_refused(
    digits_folder: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "gate.json"
    file.write_text('{"max_drop": 0.1}', encoding="utf-8")
    asked = ("compare", digits_folder, digits_folder, "--data", "digits")
    found = run(*asked, "--thresholds", file, "--out", tmp_path / "comparison")

    assert (found.code, found.out) == (2, "")
    assert "max_drop is wrong: Extra inputs are not permitted" in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["gate.json"]


def test_an_existing_folder_is_left_alone(digits_folder: Path, run: Run, tmp_path: Path) -> None:
    found = run("compare", digits_folder, digits_folder, "--data", "digits", "--out", tmp_path)

    assert found.code == 2
    assert f"--out must name a new folder, but {tmp_path} exists" in found.err


def test_the_help_names_every_threshold_and_exit_code(run: Run) -> None:
    found = run("compare", "--help")

    assert found.code == 0
    for name in Thresholds.model_fields:
        assert f"--{name.replace('_', '-')}" in found.out
    assert "1  at least one is crossed" in found.out
