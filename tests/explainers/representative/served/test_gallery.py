"""What a rule set says of itself: its figures, and the images that it is shown by."""

import numpy as np
import pytest

from tests.explainers.representative.served.worked import (
    CLASSES,
    EXAMPLES,
    POINT,
    no_maps,
    seen,
    worked,
)


def test_the_figures_worked_by_hand() -> None:
    stored = worked(least_depth=0.12345678)

    assert stored.regions() == ("polytope-0", "polytope-1", "polytope-2")
    assert stored.cites() == (70, 71, 72, 73, 74, 75, 76, 77)
    assert stored.summary() == {
        "polytopes": 3,
        "facets": 8,
        "units": 2,
        "least_depth": 0.123457,
        "validation_coverage": 1.0,
        "validation_agreement": 0.9375,
        "least_covered_class": CLASSES[2],
        "least_class_coverage": 0.0,
        "classes_without_polytope": CLASSES[2],
        "with_others_inside": 3,
        "searches": 100,
        "searches_failed": 2,
        "boundaries_turned": 1,
        "boundaries": "the network's own, exactly",
        "network_above": "several linear pieces",
    }


def test_figures_of_other_rule_sets() -> None:
    every = worked(
        polytope_classes=np.array([2, 1, 0]), class_coverage=np.array([0.75, 0.12345678, 0.5])
    ).summary()
    alone = worked(polytope_classes=np.array([1, 1, 1]), single_piece=True).summary()

    assert every["classes_without_polytope"] == "none"
    assert (every["least_covered_class"], every["least_class_coverage"]) == (CLASSES[1], 0.123457)
    assert alone["classes_without_polytope"] == f"{CLASSES[0]}, {CLASSES[2]}"
    assert alone["network_above"] == "one affine layer: each class is one polytope"


def test_what_is_only_tangent_is_said_to_be() -> None:
    stored = worked(approximate="GELU bends")

    assert stored.summary()["boundaries"] == "GELU bends"
    assert "tangents to the network's own" in stored.explain(seen(POINT)).sentence
    assert "tangents" not in worked().explain(seen(POINT)).sentence


def test_the_gallery_shows_the_seed_first_and_cites_what_it_shows() -> None:
    stored = worked()

    tiles = stored.gallery("polytope-1")

    assert [tile.example for tile in tiles[:3]] == ["tip", "inner side", "wrong class"]
    assert [tile.words for tile in tiles[:3]] == [CLASSES[1], CLASSES[1], CLASSES[2]]
    for place, tile in enumerate(tiles[:3]):
        assert tile.heat is not None
        np.testing.assert_array_equal(tile.heat, stored.heats[1, place])
    rows = dict(zip(stored.example_ids, stored.example_rows.tolist(), strict=True))
    for region in stored.regions():
        shown = {rows[tile.example] for tile in stored.gallery(region)}
        assert shown
        assert shown <= set(stored.cites())


@pytest.mark.parametrize(
    ("region", "images", "guarded"),
    [
        # Two maps of single facets are stored, of the triangle's three and the square's four.
        ("polytope-0", 5, [1, 1]),
        ("polytope-1", 3, [0, 2]),
        # The half-plane has one facet alone.
        ("polytope-2", 2, [1]),
    ],
)
def test_after_the_images_comes_the_seed_by_each_of_the_first_facets(
    region: str, images: int, guarded: list[int]
) -> None:
    stored = worked()

    tiles = stored.gallery(region)

    sides = tiles[images:]
    assert [tile.words for tile in sides] == [f"against {CLASSES[label]}" for label in guarded]
    assert {tile.example for tile in sides} == {tiles[0].example}
    maps = stored.side_heats[stored.regions().index(region)]
    for tile, heat in zip(sides, maps, strict=False):
        assert tile.heat is not None
        np.testing.assert_array_equal(tile.heat, heat)


def test_no_more_than_fifteen_images_are_shown_of_all_that_are_kept() -> None:
    kept = np.resize(np.arange(8), (3, 20))
    stored = worked(similar=kept, heats=np.zeros((3, 15, 2, 2), dtype=np.uint8))

    images = [
        tile.example
        for tile in stored.gallery("polytope-1")
        if not tile.words.startswith("against ")
    ]

    assert images == [EXAMPLES[place] for place in kept[1, :15]]


def test_where_psi_is_no_map_the_gallery_has_no_heat_and_no_single_facets() -> None:
    tiles = worked(**no_maps()).gallery("polytope-2")

    assert [(tile.words, tile.heat) for tile in tiles] == [(CLASSES[0], None), (CLASSES[1], None)]


@pytest.mark.parametrize("region", ["polytope-3", "polytope--1", "", "leaf-0"])
def test_a_region_that_there_is_not_has_no_gallery(region: str) -> None:
    assert worked().gallery(region) == ()
