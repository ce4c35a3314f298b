"""A whole assessment, on the digits."""

import dataclasses
import json
from pathlib import Path

import pytest

from explainers.fitting_contract import silent
from reasoned.assessment.assess import Assessment, assess
from reasoned.assessment.figures import AssessmentFigures, AssessmentSettings
from reasoned.assessment.request import AssessmentRequest
from reasoned.assessment.shifts import SHIFTS
from reasoned.errors import DataError

SMALL = AssessmentSettings(
    images=60, shift_images=5, cost_images=2, stability_images=3, judges=False, seed=4
)


@pytest.fixture(scope="module")
def asked(digits_folder: Path) -> AssessmentRequest:
    return AssessmentRequest(digits_folder, "digits", settings=SMALL, command="reasoned evaluate")


@pytest.fixture(scope="module")
def found(asked: AssessmentRequest) -> Assessment:
    return assess(asked, silent)


def test_every_part_is_there(found: Assessment) -> None:
    figures = found.figures

    assert (figures.model, figures.data, figures.command) == (
        "digits",
        "digits",
        "reasoned evaluate",
    )
    assert figures.settings == SMALL
    assert figures.splits["assessed"] == figures.reliability.images == 60
    assert set(figures.splits) == {"train", "validation", "calibration", "test", "assessed"}
    assert len(figures.shift) == 6 * len(SHIFTS)
    assert {one.images for one in figures.shift} == {5}
    # Digits are the model's own: no other data is sent unasked.
    assert [one.name for one in figures.strangers] == [
        "Gaussian noise",
        "uniform noise",
        "inverted images",
    ]
    assert figures.cost
    assert figures.stability is not None
    assert figures.stability["images"] == 3
    assert figures.judges is None
    assert len(figures.summary) == 5 + 3
    assert figures.seconds > 0


def test_headings_of_the_tables(found: Assessment) -> None:
    headings = [section.heading for section in found.sections]

    assert headings[0] == "What the replies of digits are worth"
    assert "When images change" in headings
    assert "Images that are not of the model's kind" in headings
    assert "What an explanation costs" in headings
    for section in found.sections:
        assert {len(row) for row in section.rows} == {len(section.rows[0])}


def test_what_is_written_can_be_read(found: Assessment, tmp_path: Path) -> None:
    found.save(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "evaluation.html",
        "evaluation.json",
    ]
    written = (tmp_path / "evaluation.json").read_text(encoding="utf-8")
    assert AssessmentFigures.model_validate_json(written) == found.figures
    assert "NaN" not in json.dumps(json.loads(written))
    assert (tmp_path / "evaluation.html").read_text(encoding="utf-8") == found.page


def test_the_same_seed_finds_the_same(found: Assessment, asked: AssessmentRequest) -> None:
    again = assess(asked, silent).figures

    same = {"reliability", "shift", "strangers", "stability", "summary", "paper"}
    assert again.model_dump(include=same) == found.figures.model_dump(include=same)


def test_parts_that_were_not_asked_for_are_empty(asked: AssessmentRequest) -> None:
    less = SMALL.model_copy(update={"stability_images": 0, "images": 3})
    figures = assess(dataclasses.replace(asked, settings=less), silent).figures

    assert figures.stability is None
    assert figures.reliability.images == 3


def test_strangers_that_cannot_be_opened_are_named_before_anything_else(
    asked: AssessmentRequest, tmp_path: Path
) -> None:
    wrong = SMALL.model_copy(update={"strangers": ("digit",)})
    request = dataclasses.replace(asked, model=tmp_path / "none", settings=wrong)

    with pytest.raises(DataError, match="did you mean digits"):
        assess(request, silent)
