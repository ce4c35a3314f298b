"""Signal planted on known pixels comes back at these pixels, and at no others."""

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from explainers.arrays import DoubleArray, IntArray
from explainers.fitting_contract import FittingData, silent
from explainers.mixture.fitting import MixtureOptions, fit_mixture
from explainers.mixture.fitting.class_rows import class_rows
from explainers.mixture.fitting.features import choose_features
from explainers.mixture.fitting.gate import Gate
from explainers.mixture.fitting.judging import Judged
from explainers.mixture.fitting.storing import Choices, ClassFit, stored
from explainers.mixture.served import Mixture
from explainers.mixture.served.maps import heat_of
from explainers.mixture.served.places import Places
from tests.explainers.mixture.planted_pixels import (
    PLANTED,
    RANGE,
    SIDE,
    by_known_pixels,
    fitting_data,
    moved,
    positions,
)
from tests.explainers.mixture.regimes import a_posterior

OPTIONS = {"preset": "preview", "components": "2"}


@pytest.fixture(scope="module")
def data() -> FittingData:
    return fitting_data(by_known_pixels(900, 0), by_known_pixels(150, 1, first=1), OPTIONS)


@pytest.fixture(scope="module")
def found(data: FittingData) -> Mixture:
    return fit_mixture(data, np.random.default_rng(0), silent)


def brightest(weights: DoubleArray) -> list[int]:
    """Give as many pixels as were planted, those with the largest weights."""
    return sorted(np.argsort(-np.abs(weights))[: len(PLANTED)].tolist())


def test_the_largest_weights_are_at_the_planted_pixels(found: Mixture) -> None:
    assert len(found.owner) == 2
    for weights, sign in zip(found.weights, (1.0, -1.0), strict=True):
        assert brightest(weights) == positions()
        for (row, column), size in PLANTED.items():
            assert weights[SIDE * row + column] == pytest.approx(sign * size, abs=0.2)


def test_selecting_leaves_gaps_between_the_pixels_that_are_read(found: Mixture) -> None:
    # Else a list in another order could still hold the same pixels.
    for selected in found.selected:
        assert selected.sum() == 300
        assert selected[positions()].all()
        assert not selected.reshape(SIDE, SIDE)[[0, -1]].any()


def test_heat_is_brightest_there_and_grows_with_the_weight(found: Mixture) -> None:
    places = Places.of(found)
    for weights in found.weights:
        heat = heat_of(places, weights)
        level = {place: int(heat[place]) for place in PLANTED}
        by_size = sorted(PLANTED, key=lambda place: abs(PLANTED[place]))
        assert sorted(level, key=lambda place: level[place]) == by_size
        assert level[by_size[-1]] == 255
        heat[tuple(np.transpose(list(PLANTED)))] = 0
        assert heat.max() < 5


def test_galleries_show_that_heat(found: Mixture) -> None:
    for number in range(2):
        tiles = found.gallery(f"class-{number}-component-1")
        assert len(tiles) == 8
        for tile in tiles:
            assert tile.heat is not None
            assert brightest(tile.heat.ravel().astype(np.float64)) == positions()


def test_a_replys_map_and_parts_say_the_same(found: Mixture, data: FittingData) -> None:
    evidence = found.explain_in_full(data.validation.one(0), lambda: False)
    body: dict[str, Any] = json.loads(evidence.body)

    assert brightest(np.array(body["maps"]["weights"]).ravel()) == positions()
    said = {part["name"]: part["weight"] for part in body["parts"]}
    for row, column in PLANTED:
        assert said[f"pixel (row {row}, column {column})"] == body["maps"]["weights"][row][column]


def test_pixels_in_another_order_give_the_same_map(found: Mixture, data: FittingData) -> None:
    order = np.random.default_rng(3).permutation(SIDE * SIDE)
    other = fit_mixture(
        dataclasses.replace(
            data, train=moved(data.train, order), validation=moved(data.validation, order)
        ),
        np.random.default_rng(0),
        silent,
    )

    back = np.empty_like(found.weights)
    back[:, order] = other.weights
    # Sums in another order, until the coefficients move by less than a tolerance.
    np.testing.assert_allclose(back, found.weights, atol=1e-3)
    np.testing.assert_allclose(
        heat_of(Places.of(found), back[0]), heat_of(Places.of(found), found.weights[0]), atol=1
    )
    assert not np.allclose(other.weights, found.weights, atol=1.0)


def test_a_list_of_pixels_in_order_of_variance_would_be_seen(data: FittingData) -> None:
    # The authors' code keeps the columns as they lie, and the list by variance.
    options = MixtureOptions.read(data.options)
    rng = np.random.default_rng(0)
    features = choose_features(data.train, options, RANGE, rng)
    own = class_rows(data.train, features, 0, options, rng)
    values = features.values(data.train, own.rows)
    by_variance = own.selected[np.argsort(-values[:, own.selected].var(axis=0))]
    coefficients = np.append(np.where(np.isin(own.selected, positions()), 5.0, 0.0), 0.0)
    posterior = a_posterior(own.regression, coefficients[None], 0.1, np.ones(1))
    gate = Gate(np.zeros((1, SIDE * SIDE)), np.zeros(1))
    judged = Judged(gate, np.zeros(1), 0.0, 1.0, 0.0)

    def weights(selected: IntArray) -> DoubleArray:
        one = dataclasses.replace(own, selected=selected)
        parts = [
            ClassFit(dataclasses.replace(one, number=number), posterior, "", judged, 0.0)
            for number in range(2)
        ]
        choices = Choices(options, features, "features", 1.0)
        found: DoubleArray = stored(data, choices, parts, SIDE * SIDE).weights[0]
        return found

    assert brightest(weights(own.selected)) == positions()
    assert brightest(weights(by_variance)) != positions()
