"""A study of a small network, from its tables to its page."""

import dataclasses
import html.parser
import json
from pathlib import Path

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.meta_forest.fitting.inte.base_learners import ForestSettings
from explainers.meta_forest.fitting.inte.pipeline import InteSettings
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from reasoned.errors import DataError
from reasoned.fitting.study import StudyReport, StudySettings, study
from reasoned.fitting.study_figures import StudyFigures
from reasoned.fitting.study_tables import StudyTables, UntrainedTables
from reasoned.fitting.study_words import opening

CLASSES = ("Bag <1>", "Shoe", "Coat")


def table(rows: range, seed: int) -> ActivationTable:
    """Make images whose class shows in their pixels and their hidden units, mostly."""
    rng = np.random.default_rng(rows.start)
    labels = rng.integers(0, 3, size=len(rows))
    predicted = np.where(rng.random(len(rows)) < 0.1, (labels + 1) % 3, labels)
    pixels = rng.normal(size=(len(rows), 1, 3, 3)) + 3 * (
        np.arange(9).reshape(1, 1, 3, 3) // 3 == predicted[:, None, None, None]
    )
    weights = np.random.default_rng(seed).normal(size=(9, 16))
    weights[:, :8] += np.random.default_rng(99).normal(size=(9, 1))
    return ActivationTable(
        rows=np.array(rows),
        labels=labels,
        predicted=predicted,
        logits=np.eye(3, dtype=np.float32)[predicted],
        hidden=np.maximum(pixels.reshape(len(rows), -1) @ weights, 0).astype(np.float32),
        pixels=pixels.astype(np.float32),
    )


def tables() -> StudyTables:
    train, test = range(400), range(600, 800)
    return StudyTables(
        train=table(train, 1),
        validation=table(range(400, 600), 1),
        test=table(test, 1),
        untrained=UntrainedTables(table(train, 2), table(range(400, 600), 2), table(test, 2)),
        classes=CLASSES,
    )


SETTINGS = StudySettings(
    InteSettings(ReadingSetting(2, 3), forests=ForestSettings(15)),
    grid=(ReadingSetting(1, 3), ReadingSetting(2, 4)),
    seeds=2,
)


@pytest.fixture(scope="module")
def report() -> StudyReport:
    return study(tables(), SETTINGS, np.random.default_rng(0))


class Page(html.parser.HTMLParser):
    """Collects what a page would load, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"src", "href"} if tag != "a" else {"src"}
        self.loads += [value or "" for name, value in attrs if name in names]
        assert tag not in {"script", "link", "iframe"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_json_holds_every_figure_and_the_control(report: StudyReport) -> None:
    found = StudyFigures.model_validate_json(report.to_json())

    assert found == report.figures
    assert found.network_route.fidelity.of == 200
    assert np.sum(found.network_route.confusion) == np.sum(found.forest_route.confusion) == 200
    assert found.controls.untrained_network_route.of == 200
    assert [(one.level_one, one.level_two) for one in found.trials] == [(1, 3), (2, 4)]
    disagreed = found.network_route.fidelity.of - found.network_route.fidelity.count
    assert len(found.disagreements) == disagreed
    assert all(600 <= row < 800 for row in found.disagreements)


def test_the_figures_say_that_this_is_a_reconstruction(report: StudyReport) -> None:
    raw = json.loads(report.to_json())

    assert raw["method"] == "a reconstruction of CNN-INTE"
    assert "not a reproduction" in raw["note"]


def test_the_page_prints_the_controls_and_loads_nothing(report: StudyReport) -> None:
    page = Page()
    page.feed(report.to_html())
    words = "".join(page.words)

    for wanted in (
        "Control: network route on an untrained network",
        "Control: one forest straight from the pixels",
        "is a reconstruction of CNN-INTE",
        report.figures.claim.words,
        "Bag <1>",
        "What the clusters are",
    ):
        assert wanted in words
    assert page.loads
    assert all(uri.startswith("data:image/png;base64,") for uri in page.loads)
    assert report.to_html().count("<svg") == 4  # the tree and three cards


@pytest.mark.parametrize(
    ("changed", "said", "not_said"),
    [
        ({}, "First its units, the single numbers", "coarse"),
        ({"reading": "rows"}, "then the images of each coarse cluster into fine ones", "units"),
        ({"reading": "maps"}, "for each of its feature maps", "units"),
        ({"target": "truth"}, "learns to tell the true class", "network's class from"),
        ({"base_input": "activations"}, "guess them from the clustered layer", "the pixels"),
    ],
)
def test_the_page_opens_with_what_was_done_here(
    report: StudyReport, changed: dict[str, str], said: str, not_said: str
) -> None:
    words = " ".join(opening(report.figures.model_copy(update=changed)).split())
    words = words.replace("<b>", "").replace("</b>", "")

    assert said in words
    assert not_said not in words


def test_the_same_seed_gives_the_same_report(report: StudyReport) -> None:
    again = study(tables(), SETTINGS, np.random.default_rng(0))

    assert again.to_json() == report.to_json()
    assert again.to_html() == report.to_html()


def test_a_report_is_written_to_a_folder(report: StudyReport, tmp_path: Path) -> None:
    report.save(tmp_path / "out")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    cards = {"card-0.svg", "card-1.svg", "card-2.svg"}
    assert names == {"study.json", "study.html", "tree.svg", "atlas.png"} | cards


def test_an_untrained_table_of_other_images_is_refused() -> None:
    whole = tables()
    other = dataclasses.replace(whole.untrained, test=whole.untrained.train)

    with pytest.raises(DataError, match=r"untrained network's test table .* 400 and 200 images"):
        dataclasses.replace(whole, untrained=other)
