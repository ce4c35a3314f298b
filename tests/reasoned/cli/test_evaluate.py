"""The command line of evaluations, on the digits."""

import subprocess
import sys
from pathlib import Path

import pytest

from reasoned.assessment.figures import AssessmentFigures
from reasoned.evaluation.figures import RepresentativeFigures
from reasoned.evaluation.mixture_figures import MixtureFigures
from tests.reasoned.cli.conftest import Run
from tests.reasoned.conftest import Fitted

FEW = ("--images", 6, "--similar", 3, "--seeds", 2, "--boundaries", 20)
ASKED = ("--data", "digits", "--method", "representative")
REPORT = ("--data", "digits", "--no-judges", "--images", 40, "--shift-images", 4)
MIXTURE = ("--data", "digits", "--method", "mixture", "--lime-samples", 0)


def test_a_whole_model_is_assessed_and_the_report_written(
    digits_folder: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    found = run("evaluate", digits_folder, *REPORT, "--strangers", "digits", "--out", out)

    assert found.code == 0, found.err
    assert found.out.startswith("What the replies of digits are worth\n")
    assert "When images change" in found.out
    assert "Outside judges were not asked." in found.out
    assert found.out.endswith(f"Page: {out / 'evaluation.html'}\n")
    assert sorted(path.name for path in out.iterdir()) == ["evaluation.html", "evaluation.json"]
    written = (out / "evaluation.json").read_text(encoding="utf-8")
    figures = AssessmentFigures.model_validate_json(written)
    assert (figures.reliability.images, figures.settings.shift_images) == (40, 4)
    assert figures.strangers[-1].name == "digits"
    assert figures.judges is None
    assert {one.kind for one in figures.cost} == {"ours", "peer"}


def test_a_report_comes_as_json(digits_folder: Path, run: Run) -> None:
    found = run("evaluate", digits_folder, *REPORT, "--seed", 3, "--json")

    figures = AssessmentFigures.model_validate(found.record)
    assert (figures.model, figures.settings.seed) == ("digits", 3)
    assert found.err == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--top", "0.2"), "--top can only be given with --method NAME; without it the whole"),
        (
            ("--class", "1", "--seeds", "3"),
            "--class, --seeds can only be given with --method NAME",
        ),
        (
            ("--method", "mixture", "--strangers", "digits", "--keep", "kept"),
            "--strangers, --keep can only be given without --method, when the whole model is",
        ),
        (("--method", "mixture", "--no-judges"), "--judges/--no-judges can only be given without"),
        (
            ("--no-judges", "--judge-images", "9", "--sampling-peers"),
            "--judge-images, --sampling-peers cannot be given together with --no-judges",
        ),
        (("--no-judges", "--strangers", "mnist=./none"), "there is no folder ./none"),
        (("--no-judges", "--shift-images", "0"), "0 is not in the range x>=1"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    digits_folder: Path, run: Run, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "report"
    found = run("evaluate", digits_folder, "--data", "digits", *options, "--out", out)

    assert (found.code, found.out) == (2, "")
    assert words in found.err
    assert not out.exists()


def test_an_evaluation_is_told_and_written(digits_folder: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "made" / "evaluation"
    found = run("evaluate", digits_folder, *ASKED, *FEW, "--fill", "black", "--out", out)

    assert found.code == 0, found.err
    assert "Score lost when only the top 20 % of the pixels are kept" in found.out
    assert "Grad-CAM (captum)" in found.out
    assert f"Page: {out / 'evaluation.html'}" in found.out
    assert sorted(path.name for path in out.iterdir()) == ["evaluation.html", "evaluation.json"]
    assert [path.name for path in out.parent.iterdir()] == ["evaluation"]  # nothing half-written
    written = (out / "evaluation.json").read_text(encoding="utf-8")
    settings = RepresentativeFigures.model_validate_json(written).settings
    assert (settings.fill, settings.boundaries, settings.seeds) == ("black", 20, 2)


def test_the_figures_come_as_json(digits_folder: Path, run: Run) -> None:
    found = run("evaluate", digits_folder, *ASKED, *FEW, "--json")

    figures = RepresentativeFigures.model_validate(found.record)
    assert (figures.model, figures.settings.images) == ("digits", 6)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("--method", "lime"), "'lime' is not one of 'representative', 'attributes'"),
        (("--data", "digit"), "did you mean digits?"),
        (("--top", "1"), "1.0 is not in the range 0<x<1"),
        (("--fill", "white"), "'white' is not one of 'mean', 'black', 'blur'"),
        (("--groups", "^(x)"), "--groups goes by file names"),
        (("--protocol", "loud"), "'loud' is not one of 'plain', 'amplified'"),
        (("--null", "white"), "'white' is not one of 'black', 'mean'"),
        (("--method", "mixture"), "carries meta_forest, additive and no mixture"),
    ],
)
def test_what_cannot_be_is_refused(
    digits_folder: Path, run: Run, changed: tuple[str, ...], words: str
) -> None:
    found = run("evaluate", digits_folder, *ASKED, *changed)

    assert (found.code, found.out) == (2, "")
    assert words in found.err


def test_a_mixture_is_evaluated_on_the_classes_and_by_the_protocol_asked_for(
    mixture_fitted: Fitted, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "evaluation"
    chosen = ("--images", 3, "--class", "7", "--class", "1")
    how = ("--protocol", "amplified", "--null", "mean")
    found = run("evaluate", mixture_fitted.folder, *MIXTURE, *chosen, *how, "--out", out)

    assert found.code == 0, found.err
    assert "PCR(m) is the share of 6 perturbed test images" in found.out
    assert "no LIME and no SHAP: 0 samples were asked for" in found.out
    assert f"Page: {out / 'evaluation.html'}" in found.out
    written = (out / "evaluation.json").read_text(encoding="utf-8")
    figures = MixtureFigures.model_validate_json(written)
    assert figures.settings.classes == ("7", "1")
    assert (figures.settings.protocol, figures.settings.null) == ("amplified", "mean")
    assert (figures.settings.images, figures.settings.lime_samples) == (3, 0)
    # In the order of the classes, not of the command line.
    assert [one.name for one in figures.errors] == ["1", "7"]
    assert {one.name for one in figures.curves} == {"", "1", "7"}


def test_a_class_that_there_is_not_cannot_be_tested(
    mixture_fitted: Fitted, run: Run, tmp_path: Path
) -> None:
    chosen = ("--class", "1", "--class", "ten", "--out", tmp_path / "evaluation")
    found = run("evaluate", mixture_fitted.folder, *MIXTURE, *chosen)

    assert (found.code, found.out) == (2, "")
    assert "a tested class must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, not ten" in found.err
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_left_alone(digits_folder: Path, run: Run, tmp_path: Path) -> None:
    found = run("evaluate", digits_folder, *ASKED, "--out", tmp_path)

    assert found.code == 2
    assert f"--out must name a new folder, but {tmp_path} exists" in found.err


@pytest.mark.parametrize(("missing", "extra"), [("captum", "bench"), ("torch", "fit")])
def test_what_is_not_installed_is_said_in_a_line(missing: str, extra: str) -> None:
    script = (
        f"import sys; sys.modules['{missing}'] = None\n"
        "from reasoned.cli.main import cli\n"
        "cli(['evaluate', '--help'])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert found.returncode == 1
    assert found.stderr.startswith(f"Error: `reasoned evaluate` needs {missing}")
    assert found.stderr.endswith(f"pip install 'reasoned[{extra}]'\n")
