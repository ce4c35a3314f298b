"""A polytope in words."""

from typing import Any

import pytest

from reasoned.pages.region_words import (
    MOST_SIDES,
    Sides,
    closest_words,
    counted_words,
    held_words,
    nearest_sides,
    parting_words,
    where_words,
)
from reasoned.reply.bodies import ClassName
from reasoned.reply.schema import RegionEvidence

SHIRT, COAT = {"label": "shirt", "index": 1}, {"label": "coat", "index": 2}
CLOSEST = {
    "against": COAT,
    "margin": 0.5,
    "distance": 0.25,
    "relative": 0.32,
    "example": "train-7",
}
BODY: dict[str, Any] = {
    "inside": ["cell-1"],
    "facets": [{"against": COAT, "margin": 0.5}],
    "closest": CLOSEST,
    "references": 3104,
    "others": 0,
    "similar": [],
    "heat_map": None,
}


def evidence(names: dict[str, Any] | None = SHIRT, **body: object) -> RegionEvidence:
    return RegionEvidence.model_validate(
        {
            "method": "cells",
            "region": "cell-1",
            "names": names,
            "agrees": names is not None or None,
            "reliability": None,
            "sentence": "",
            "form": "region",
            "body": BODY | body,
            "picture": None,
        }
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {},
            (
                "The image lies inside cell-1: a region with one flat side, beyond which "
                "the network may name another class."
            ),
        ),
        ({"inside": []}, "outside every stored polytope; the one shown here was searched for"),
        ({"inside": [], "facets": []}, "The image lies outside every stored polytope."),
        ({"inside": ["a", "b"]}, "inside a (and inside 1 more: b): a region"),
        ({"inside": list("abcdef")}, "inside a (and inside 5 more: b, c, d, ...): a region"),
        ({"facets": BODY["facets"] * 17}, "with 17 flat sides, beyond which"),
    ],
)
def test_where_the_image_lies(change: dict[str, Any], words: str) -> None:
    assert words in where_words(evidence(**change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Training images inside: 3,104; the network calls every one of them shirt."),
        (
            {"others": 1200},
            "Training images inside: 3,104; the network calls 1,200 of them not shirt.",
        ),
        ({"inside": [], "references": 7}, "Stored training images inside: 7; the network"),
        ({"references": 0}, "Training images inside: none."),
        ({"references": None, "others": None}, ""),
    ],
)
def test_what_it_holds(change: dict[str, Any], words: str) -> None:
    assert held_words(evidence(**change)).startswith(words)
    assert bool(words) == bool(held_words(evidence(**change)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ": 0.25 away in the explained layer, 32 % of the way to train-7, the nearest stored"),
        (
            {"relative": 0.004},
            "less than 1 % of the way to train-7, the nearest stored example of coat beyond",
        ),
        ({"relative": None, "example": None}, "layer, and no stored example of coat lies"),
    ],
)
def test_which_side_is_closest(change: dict[str, Any], words: str) -> None:
    found = evidence(closest=CLOSEST | change).body.closest

    assert closest_words(found).startswith("Its closest side is the one towards coat: ")
    assert words in closest_words(found)


def test_without_a_side_nothing_is_closest() -> None:
    assert closest_words(None) == ""


def test_the_sides_of_a_class_are_one_bar_of_the_smallest_margin() -> None:
    facets = [
        {"against": COAT, "margin": 2.0},
        {"against": SHIRT, "margin": 1.0},
        {"against": COAT, "margin": 0.5},
    ]

    assert nearest_sides(evidence(facets=facets).body) == (
        [Sides("coat", 0.5, 2, closest=True), Sides("shirt", 1.0, 1, closest=False)],
        0,
    )
    assert (counted_words(1), counted_words(2)) == ("1 side", "2 sides")


def test_the_nearest_classes_come_first_and_no_more_than_fit() -> None:
    facets = [
        {"against": {"label": str(i), "index": i}, "margin": float(20 - i)} for i in range(20)
    ]
    found, more = nearest_sides(evidence(facets=facets).body)

    assert [group.margin for group in found] == [float(i + 1) for i in range(MOST_SIDES)]
    assert more == 20 - MOST_SIDES
    assert nearest_sides(evidence(facets=[]).body) == ([], 0)


def test_only_classes_that_differ_disagree() -> None:
    said = ClassName(label="5", index=5)

    assert parting_words("This polytope is one of", said, "3") == (
        "This polytope is one of 5; the network says 3. The two disagree."
    )
    assert parting_words("This polytope is one of", said, "5") == ""
    assert parting_words("This polytope is one of", None, "5") == ""
