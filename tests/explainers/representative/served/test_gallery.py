"""What a rule set says of itself: its figures, and the images that it is shown by."""

import numpy as np
import pytest

from tests.explainers.representative.served.worked import CLASSES, POINT, seen, worked


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
        "with_others_inside": 3,
        "boundaries": "the network's own, exactly",
    }


def test_what_is_only_tangent_is_said_to_be() -> None:
    stored = worked(approximate="GELU bends")

    assert stored.summary()["boundaries"] == "GELU bends"
    assert "bounded by tangents to the network's own" in stored.explain(seen(POINT)).sentence


def test_the_gallery_shows_the_seed_first_and_cites_what_it_shows() -> None:
    stored = worked()

    tiles = stored.gallery("polytope-1")

    assert [tile.example for tile in tiles] == ["tip", "inner side", "wrong class"]
    assert [tile.words for tile in tiles] == [CLASSES[1], CLASSES[1], CLASSES[2]]
    for place, tile in enumerate(tiles):
        assert tile.heat is not None
        np.testing.assert_array_equal(tile.heat, stored.heats[1, place])
    rows = dict(zip(stored.example_ids, stored.example_rows.tolist(), strict=True))
    for region in stored.regions():
        shown = {rows[tile.example] for tile in stored.gallery(region)}
        assert shown
        assert shown <= set(stored.cites())


def test_where_psi_is_no_map_the_gallery_has_no_heat() -> None:
    empty = np.zeros((0, 0, 0, 0), dtype=np.uint8)
    stored = worked(channel_weights=np.zeros((0, 0), dtype=np.float32), heats=empty)

    assert [tile.heat for tile in stored.gallery("polytope-2")] == [None, None]


@pytest.mark.parametrize("region", ["polytope-3", "polytope--1", "", "leaf-0"])
def test_a_region_that_there_is_not_has_no_gallery(region: str) -> None:
    assert worked().gallery(region) == ()
