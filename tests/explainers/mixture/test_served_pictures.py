"""Where weights are painted: maps, heat, galleries and the picture of the whole."""

import dataclasses
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import AnyArray
from explainers.mixture.served import Mixture
from explainers.mixture.served.heat_cells import MOST_DRAWN, SHADES, UNSURE, shade_levels
from explainers.mixture.served.maps import heat_of
from explainers.mixture.served.places import Places
from tests.explainers.mixture.stored import drawn, drawn_image, two


def with_weights(stored: Mixture, weights: AnyArray) -> Mixture:
    selected = np.ones_like(stored.selected)
    certain = weights != 0
    return dataclasses.replace(stored, weights=weights, selected=selected, certain=certain)


def planted() -> tuple[Mixture, list[int]]:
    """Five large weights of either sign among small ones, on a 28 x 28 image."""
    rng = np.random.default_rng(0)
    stored = drawn(rng, shape=(1, 28, 28), counts=(1, 1), chosen=784)
    weights = 0.1 * rng.normal(size=(2, 784))
    pixels = [3, 100, 401, 402, 783]
    weights[0, pixels] = [3.0, -3.5, 2.5, -2.0, 4.0]
    return with_weights(stored, weights), pixels


def test_the_brightest_pixels_are_the_planted_ones() -> None:
    stored, pixels = planted()
    heat = heat_of(Places.of(stored), stored.weights[0])

    assert heat.shape == (28, 28)
    assert sorted(np.argsort(-heat.ravel().astype(int))[:5].tolist()) == pixels
    assert heat.ravel()[783] == 255
    assert (heat[100 // 28, 100 % 28], heat[0, 3]) == (223, 191)


@given(st.lists(st.floats(-5, 5), min_size=30, max_size=30))
def test_brightness_is_monotone_in_the_absolute_weight(weights: list[float]) -> None:
    places = Places.of(drawn(np.random.default_rng(0)))
    heat = heat_of(places, np.array(weights)).ravel().astype(int)
    order = np.argsort(np.abs(weights))

    assert np.all(np.diff(heat[order]) >= 0)
    assert heat.max() == (255 if any(weights) else 0)


def test_a_maps_cells_are_where_the_pixels_are() -> None:
    stored, pixels = planted()
    row = drawn_image(np.random.default_rng(1), stored)
    favoured = dataclasses.replace(stored, intercepts=np.array([900.0, 0.0]))
    body: dict[str, Any] = json.loads(favoured.explain_in_full(row, lambda: False).body)
    weights = np.array(body["maps"]["weights"])

    assert np.argsort(-np.abs(weights).ravel())[:5].tolist() == [783, 100, 3, 401, 402]
    named = {(p["name"]): p["weight"] for p in body["parts"]}
    for name, weight in named.items():
        at = [int(number) for number in re.findall(r"\d+", name)]
        assert weights[at[0], at[1]] == weight
    values = (row.pixels[0] - stored.black[0]) / (stored.white[0] - stored.black[0])
    np.testing.assert_allclose(np.array(body["maps"]["contributions"]), weights * values, atol=1e-5)
    assert len(set(named) & {f"pixel (row {p // 28}, column {p % 28})" for p in pixels}) >= 4


def test_a_map_of_chosen_pixels_leaves_the_others_empty() -> None:
    stored = drawn(np.random.default_rng(0), chosen=4, counts=(1, 1))
    row = drawn_image(np.random.default_rng(1), stored)
    found = stored.explain_in_full(row, lambda: False)
    maps = json.loads(found.body)["maps"]

    assert found.names is not None
    weights = stored.weights[found.names].reshape(6, 5)
    np.testing.assert_allclose(maps["weights"], weights, rtol=0, atol=1e-6)  # six digits
    assert np.count_nonzero(maps["contributions"]) == 4
    certain = stored.certain[found.names] & stored.selected[found.names]
    np.testing.assert_array_equal(maps["certain"], certain.reshape(6, 5))


def test_superpixels_are_painted_over_their_pixels_once_per_pixel() -> None:
    # Two superpixels over three channels of a 1 x 2 image; the third channel has its own.
    stored = drawn(np.random.default_rng(0), features="superpixels", shape=(3, 2, 2), counts=(1, 1))
    cells = np.array([0, 1, 0, 1, 2, 2])
    wide = {
        name: getattr(stored, name)[:, :3]
        for name in ("weights", "deviations", "certain", "selected", "gate_weights")
    }
    small = dataclasses.replace(stored, shape=np.array([3, 1, 2]), cells=cells, **wide)
    places = Places.of(small)

    np.testing.assert_array_equal(places.painted(np.array([5.0, 7.0, 100.0])), [[105.0, 107.0]])
    assert places.names(3) == ("superpixel 0", "superpixel 1", "superpixel 2")


def test_colour_pixels_are_named_with_their_channel() -> None:
    places = Places.of(drawn(np.random.default_rng(0), shape=(3, 2, 2), counts=(1, 1)))

    assert places.names(12)[0] == "pixel (row 0, column 0), red"
    assert places.names(12)[7] == "pixel (row 1, column 1), green"
    hidden = drawn(np.random.default_rng(0), features="hidden", counts=(1, 1))
    assert Places.of(hidden).names(7)[6] == "unit 6"


def test_maps_of_large_images_are_thinned() -> None:
    rng = np.random.default_rng(0)
    stored = drawn(rng, shape=(1, 300, 10), counts=(1, 1), chosen=3)
    body = json.loads(stored.explain_in_full(drawn_image(rng, stored), lambda: False).body)

    assert np.array(body["maps"]["weights"]).shape == (150, 5)


def test_shades_follow_size_sign_and_certainty_by_hand() -> None:
    weights = np.array([4.0, -4.0, 0.1, -2.0, 0.0, 3.0])
    certain = np.array([True, True, True, True, False, False])

    assert shade_levels(weights, certain).tolist() == [SHADES, -SHADES, 1, -4, 0, UNSURE]


def test_a_gallery_shows_the_members_under_the_components_heat() -> None:
    tiles = two().gallery("class-0-component-1")

    assert [(tile.example, tile.words) for tile in tiles] == [
        ("a", "most like component 1 of 2 of boot"),
        ("c", "place 2"),
    ]
    assert tiles[0].heat is not None
    np.testing.assert_array_equal(tiles[0].heat, [[255, 64]])
    assert two().gallery("class-0-mixed") == ()
    assert two().gallery("class-1-component-1") == ()
    assert two().gallery("class-7-component-1") == ()
    hidden = drawn(np.random.default_rng(0), features="hidden")
    members = np.zeros_like(hidden.members)
    (first, *_) = dataclasses.replace(hidden, members=members).gallery("class-0-component-1")
    assert first.heat is None


def test_the_picture_draws_every_component_with_its_figures() -> None:
    names, verdicts = ("boot <b>", "coat 100%"), ("all 2 components are occupied", "")
    svg = two(class_names=names, verdicts=verdicts).picture()

    assert svg is not None
    ET.fromstring(svg)  # noqa: S314  our own
    for words in (
        "boot &lt;b&gt;",
        "coat 100%",
        "all 2 components are",
        "75 % of rows, s2 0.5",
        "net 2: l1 0.5, l2 1",
        "constant -1.00",
    ):
        assert words in svg
    # 4 is deep blue; -1 is uncertain.
    assert 'fill="#174ea6" d="M0 0h1v1h-1z"' in svg
    assert 'fill="#b6bec9" d="M1 0h1v1h-1z"' in svg


def test_at_most_150_pixels_are_drawn_the_largest_ones() -> None:
    stored, pixels = planted()
    svg = stored.picture()

    assert svg is not None
    first = svg.split("net 1:")[0]
    drawn_cells = [
        (int(row), int(column) + step)
        for column, row, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", first)
        for step in range(int(run))
    ]
    assert len(drawn_cells) == MOST_DRAWN
    assert {divmod(pixel, 28) for pixel in pixels} <= set(drawn_cells)


@pytest.mark.parametrize("features", ["pixels", "superpixels", "hidden"])
def test_a_picture_of_many_components_stays_small(features: str) -> None:
    rng = np.random.default_rng(0)
    large = drawn(
        rng, features=features, shape=(3, 32, 32), counts=(25,) * 40, chosen=300, units=300
    )
    svg = large.picture()

    assert svg is not None
    ET.fromstring(svg)  # noqa: S314  our own
    assert len(svg.encode()) < 1_000_000
    assert "at most 20 components of each." in svg


def test_the_card_gives_both_errors_apart() -> None:
    found = two(verdicts=("no linear structure", "")).summary()

    assert (found["assigned_rmse"], found["predictive_rmse"]) == (0.375, 0.875)
    assert found["predictive_rmse_means"] == "the gate chooses the component from the image alone"
    assert "no prediction" in str(found["assigned_rmse_means"])
    assert (found["ridge_rmse"], found["gate_accuracy"]) == (1.5, 0.95)
    assert (found["components"], found["components_of_a_class"]) == (3, "1 to 2")
    assert found["worst_r_hat"] == 1.25
    assert found["warnings"] == (
        "in 1 of 2 classes chains differ (R-hat above 1.1), the likelier one is kept: raise "
        "sweeps; in 1 of 2 classes no linear structure was found"
    )
    full = two(verdicts=("", "all 20 components are occupied: raise"), r_hat=np.full(2, 1000.0))
    assert full.summary()["worst_r_hat"] == "1000 or more"
    assert "in 1 of 2 classes all components are occupied" in str(full.summary()["warnings"])
    unmeasured = two(r_hat=np.zeros(2)).summary()
    assert (unmeasured["worst_r_hat"], unmeasured["warnings"]) == ("not measured", "none")
