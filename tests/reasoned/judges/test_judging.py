"""A whole judgement of the digits: figures, what is kept, and plots."""

import dataclasses
import re
from pathlib import Path

import pytest

from explainers.fitting_contract import silent
from reasoned.errors import DataError
from reasoned.judges import JudgeFigures, JudgeRequest, JudgeSettings, judge
from reasoned.judges.judging import judge_subject
from reasoned.judges.plots import curve_plots, score_plots
from reasoned.judges.settings import METRICS
from reasoned.judges.subject import JudgeSubject

SETTINGS = JudgeSettings(
    images=6,
    references=200,
    runs=10,
    draws=1,
    removed=(50,),
    samples=30,
    timed=1,
    sanity_images=6,
    shuffled_images=100,
    shuffled_epochs=1,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def few(digits_subject: JudgeSubject) -> JudgeSubject:
    return dataclasses.replace(
        digits_subject, pixels=digits_subject.pixels[:6], labels=digits_subject.labels[:6]
    )


@pytest.fixture(scope="module")
def found(few: JudgeSubject, kept: Path) -> JudgeFigures:
    return judge_subject(few, SETTINGS, kept, silent)


def test_every_method_is_judged_by_every_metric(found: JudgeFigures) -> None:
    table = found.table()
    names = [method.name for method in found.methods]
    assert list(table) == names
    for name in names:
        left = {"random_logit"} if name == "representative_searched" else set()
        assert set(table[name]) == set(METRICS) - left
    for score in found.scores:
        assert score.low <= score.mean <= score.high
        assert score.of == 6
    assert set(found.left_out) == {"meta_forest", "representative_searched by random_logit"}
    assert {one.metric for one in found.rivalries} == set(METRICS)
    assert {curve.metric for curve in found.curves} == {"deletion", "insertion"}
    assert all(method.seconds > 0 for method in found.methods)
    assert [method.kind for method in found.methods] == [
        "ours", "ours", "peer", "peer", "peer", "control",
    ]  # fmt: skip


def test_what_is_written_is_read_back(found: JudgeFigures) -> None:
    assert JudgeFigures.model_validate_json(found.model_dump_json()) == found


def test_what_is_kept_is_not_found_again(
    found: JudgeFigures, few: JudgeSubject, kept: Path
) -> None:
    again = judge_subject(few, SETTINGS, kept, silent)
    assert again == found.model_copy(update={"seconds": again.seconds})
    (folder,) = kept.iterdir()
    assert len(list(folder.iterdir())) == 6 * (len(METRICS) + 1) + 1
    # One result is deleted, and comes back the same.
    (folder / "saliency-road.json").unlink()
    third = judge_subject(few, SETTINGS, kept, silent)
    assert third == found.model_copy(update={"seconds": third.seconds})


def test_plots_are_the_same_bytes_and_name_everybody(found: JudgeFigures) -> None:
    assert curve_plots(found) == curve_plots(found)
    for plot in (score_plots, curve_plots):
        drawn = plot(found)
        assert drawn.startswith("<svg")
        told = set(re.findall(r">([^<>]+)</text>", drawn))
        assert {method.name.replace("_", " ") for method in found.methods} <= told


def test_a_model_folder_is_opened_and_judged(digits_folder: Path) -> None:
    settings = SETTINGS.model_copy(update={"metrics": ("deletion",), "sampling_peers": True})
    found = judge(JudgeRequest(digits_folder, "digits", settings=settings), silent)
    assert (found.images, found.quantus[:2]) == (6, "0.")
    assert list(found.table()) == [
        "saliency", "integrated_gradients", "grad_cam", "lime", "kernel_shap", "random",
    ]  # fmt: skip
    assert set(found.left_out) == {"meta_forest", "additive"}
    assert found.network_difference < 1e-5
    # Nothing of ours draws, and nobody is ahead of nobody.
    assert found.rivalries == ()


def test_other_data_is_refused(digits_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="was fitted on digits"):
        judge(JudgeRequest(digits_folder, f"folder:{tmp_path}"), silent)
