"""Trees and cards as pictures."""

import dataclasses
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.errors import ShapeError
from explainers.meta_forest.fitting.inte.instance_card import (
    CardStep,
    Chip,
    InstanceCard,
    card_svg,
)
from explainers.meta_forest.pictures.diagrams import TreePicture, tree_svg
from explainers.meta_forest.pictures.histogram_bars import shown_classes
from explainers.svg import escaped

SVG = "{http://www.w3.org/2000/svg}"
URI = "data:image/png;base64,AAAA"


@pytest.fixture
def picture() -> TreePicture:
    return TreePicture(
        children_left=np.array([1, -1, 3, -1, -1]),
        children_right=np.array([2, -1, 4, -1, -1]),
        conditions=("factor 0 is <cluster> 7 & more?", "", "factor 1 is cluster 2?", "", ""),
        histograms=np.array([[5, 5, 2], [5, 0, 1], [0, 5, 1], [0, 4, 0], [0, 1, 1]]),
        classes=("Bag", "Shoe <b>", "Coat"),
        highlighted=(0, 2, 4),
        title="A tree",
    )


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314  our own output
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_every_test_and_every_leafs_class_is_written(picture: TreePicture) -> None:
    words = texts(tree_svg(picture))

    assert "factor 0 is <cluster> 7 &" in words
    assert "more?" in words
    assert "factor 1 is cluster 2?" in words
    assert words.count("Shoe <b>") == 3  # the legend and two leaves
    assert "83.3 % of its training images" in words
    assert words.count("yes") == words.count("no") == 2


def test_the_taken_branch_is_bold_and_no_other(picture: TreePicture) -> None:
    svg = tree_svg(picture)

    assert svg.count('stroke-width="4"') == 2  # two of four ways
    assert svg.count('stroke-width="3"') == 3  # three of five boxes
    plain = tree_svg(dataclasses.replace(picture, highlighted=()))
    assert 'stroke-width="4"' not in plain
    assert 'stroke-width="3"' not in plain


def test_bars_are_as_high_as_their_counts(picture: TreePicture) -> None:
    svg = tree_svg(picture)

    root = ET.fromstring(svg)  # noqa: S314  our own output
    bars = {}
    for element in root.iter(f"{SVG}rect"):
        title = element.find(f"{SVG}title")
        if title is not None and title.text in {"Bag: 5", "Coat: 2"}:
            bars[title.text] = float(element.attrib["height"])
    assert bars["Bag: 5"] == 22.0
    assert bars["Coat: 2"] == pytest.approx(22.0 * 2 / 5, abs=0.05)  # one decimal is written


def test_boxes_do_not_overlap(picture: TreePicture) -> None:
    rng = np.random.default_rng(0)
    left, right, waiting = [-1], [-1], [0]
    while len(left) < 61:
        node = waiting.pop(int(rng.integers(len(waiting))))
        left[node], right[node] = len(left), len(left) + 1
        waiting += [len(left), len(left) + 1]
        left += [-1, -1]
        right += [-1, -1]
    wide = TreePicture(
        children_left=np.array(left),
        children_right=np.array(right),
        conditions=tuple(f"test {node}" for node in range(61)),
        histograms=np.ones((61, 3), dtype=np.int64),
        classes=picture.classes,
    )

    found = re.findall(
        r'<rect x="([\d.]+)" y="([\d.]+)" width="248.0" height="([\d.]+)"', tree_svg(wide)
    )

    places = [(float(x), float(y), float(high)) for x, y, high in found]
    assert len(places) == 61
    for i, (x, y, high) in enumerate(places):
        for other_x, other_y, _ in places[:i]:
            assert x != other_x or abs(y - other_y) >= high


def test_a_tree_of_one_leaf_can_be_drawn() -> None:
    leaf = np.array([-1])

    svg = tree_svg(TreePicture(leaf, leaf, ("",), np.array([[2, 0]]), ("a", "b")))

    assert "100.0 % of its training images" in texts(svg)


def test_the_same_tree_is_drawn_the_same(picture: TreePicture) -> None:
    assert tree_svg(picture) == tree_svg(picture)


def test_arrays_that_do_not_fit_the_words_are_refused(picture: TreePicture) -> None:
    with pytest.raises(ShapeError, match=r"histograms must have shape \(nodes=5, classes=2\)"):
        dataclasses.replace(picture, classes=("a", "b"))


def test_of_very_many_classes_the_commonest_are_drawn() -> None:
    totals = np.arange(100)

    np.testing.assert_array_equal(shown_classes(totals), np.arange(76, 100))
    np.testing.assert_array_equal(shown_classes(totals[:24]), np.arange(24))


@given(st.text())
def test_any_text_is_safe_in_xml(text: str) -> None:
    root = ET.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>')  # noqa: S314  our own

    assert len(root.text or "") <= len(text)


def card() -> InstanceCard:
    step = CardStep(
        question="Is factor 0 in cluster 8?",
        answer="no",
        histogram=np.array([4, 5]),
        meaning=("c8: 100 % Bag", "f0: units 1, 2"),
        mean_image=URI,
        pixel_map=URI,
        nearest=(URI,) * 8,
    )
    return InstanceCard(
        title="Test image 5",
        facts=("The network says Bag.",),
        image=URI,
        chips=(Chip(0, 3, 3), Chip(1, 2, 4)),
        steps=(step, dataclasses.replace(step, answer="yes", pixel_map="")),
        leaf_words=("Bag", "97.0 % of 5 training images"),
        leaf_histogram=np.array([5, 0]),
        classes=("Bag", "Shoe"),
    )


def test_a_card_shows_image_ids_path_and_meaning() -> None:
    svg = card_svg(card())
    words = texts(svg)

    for wanted in ("Test image 5", "The network says Bag.", "f0 = c3 / c3", "c8: 100 % Bag", "Bag"):
        assert wanted in words
    assert svg.count("<image") == 1 + 2 * 9 + 1  # the image, two meanings, one pixel map


def test_a_card_marks_ids_on_which_the_routes_differ() -> None:
    svg = card_svg(card())

    assert svg.count("#fde8e8") == 1
    same = dataclasses.replace(card(), chips=(Chip(0, 3, 3),))
    assert "#fde8e8" not in card_svg(same)


def test_a_card_draws_the_taken_answer_bold() -> None:
    svg = card_svg(card())

    assert re.findall(r'font-weight="700">(yes|no)<', svg) == ["no", "yes"]
    assert svg.count('stroke-width="5"') == 2


def test_a_card_of_a_tree_without_tests_can_be_drawn() -> None:
    assert "Bag" in texts(card_svg(dataclasses.replace(card(), steps=())))
