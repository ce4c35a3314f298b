"""A polytope in words."""

from typing import Any

import pytest

from reasoned.cli.region_words import (
    MOST_FACETS,
    closest_words,
    held_words,
    nearest_facets,
    where_words,
)
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
                "the network may change its mind."
            ),
        ),
        ({"inside": []}, "outside every stored polytope; the one told of here was searched for"),
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
        ({"references": None, "others": None}, ""),
    ],
)
def test_what_it_holds(change: dict[str, Any], words: str) -> None:
    assert held_words(evidence(**change)) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "32 % of the way to train-7, the nearest of coat."),
        ({"relative": 0.004}, "less than 1 % of the way to train-7, the nearest of coat."),
        ({"relative": None, "example": None}, "0.25 away, and no stored example of coat lies"),
    ],
)
def test_which_side_is_closest(change: dict[str, Any], words: str) -> None:
    found = evidence(closest=CLOSEST | change).body.closest

    assert closest_words(found).startswith("Its closest side is the one towards coat: ")
    assert words in closest_words(found)


def test_without_a_side_nothing_is_closest() -> None:
    assert closest_words(None) == ""


def test_the_nearest_sides_come_first_and_no_more_than_fit() -> None:
    margins = [float(i) for i in range(20, 0, -1)]
    found, more = nearest_facets(
        evidence(facets=[{"against": COAT, "margin": margin} for margin in margins])
    )

    assert [facet.margin for facet in found] == sorted(margins)[:MOST_FACETS]
    assert more == 20 - MOST_FACETS
    assert nearest_facets(evidence(facets=[])) == ([], 0)
