"""The page of a comparison, read as a browser reads it."""

import re

import numpy as np
import pytest

from reasoned.comparing.figures import ComparisonFigures, MovedImage, Told
from reasoned.comparing.page import comparison_page
from reasoned.comparing.sentences import sentences
from reasoned.comparing.tables import tables

TOLD = Told(
    predicted="0",
    first="meta_forest",
    names="1",
    status="supported",
    estimate=0.987,
    carrier=None,
    sentence="The network says <b>.",
)


@pytest.fixture(scope="module")
def page(misled_figures: ComparisonFigures) -> str:
    before = misled_figures.before.model_copy(update={"name": "<script>"})
    moved = MovedImage(id="image-1", label="<i>", before=TOLD, after=TOLD)
    figures = misled_figures.model_copy(update={"before": before, "worst": (moved,)})
    return _page(figures)


def _page(figures: ComparisonFigures) -> str:
    pictures = [np.zeros((8, 8, 1), np.uint8)] * len(figures.worst)
    return comparison_page(figures, tables(figures), sentences(figures), pictures)


def test_it_says_that_the_gate_is_not_passed_and_why(page: str) -> None:
    assert "<p class='verdict held'>The gate is not passed: 3 of 14 thresholds" in page
    assert "Crossed, max_fidelity_drop: fidelity of the first choice fell by" in page


def test_it_shows_all_sections(page: str) -> None:
    headings = re.findall("<h2>(.*?)</h2>", page)

    assert headings == [
        "The gate",
        "Differences, drawn",
        "Before and after",
        "Image by image",
        "Rules and regions",
        "Examples",
        "Class by class",
        "From which class to which",
        "Images whose explanation moved most",
    ]
    assert "<table class='matrix'>" in page
    assert "meta_forest names 1; supported, estimate 0.987; carried by none" in page


def test_it_escapes_what_it_is_given(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "The network says &lt;b&gt;." in page
    assert "labelled &lt;i&gt;" in page


def test_it_needs_nothing_from_elsewhere(page: str) -> None:
    urls = re.findall(r"(?:src|href)=['\"]([^'\"]*)", page)

    assert urls
    assert all(url.startswith("data:image/png;base64,") for url in urls)
    assert "@import" not in page


def test_the_same_figures_give_the_same_page(misled_figures: ComparisonFigures) -> None:
    assert _page(misled_figures) == _page(misled_figures)


def test_nothing_moved_leaves_no_matrix(misled_figures: ComparisonFigures) -> None:
    still = misled_figures.model_copy(update={"named": (), "crossed": False})

    assert "class='matrix'" not in _page(still)
    assert "<p class='verdict passed'>" in _page(still)
