"""The reconstruction on a small network that reads digits, and its untrained twin."""

import numpy as np
import pytest

from explainers.meta_forest.fitting.inte.controls import (
    pixel_forest,
    pixel_tree,
    untrained_network,
    with_activations_of,
)
from explainers.meta_forest.fitting.inte.fidelity import agreement
from explainers.meta_forest.fitting.inte.pipeline import InteSettings, fit_cnn_inte
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from tests.explainers.meta_forest.inte.conftest import Digits

SETTINGS = InteSettings(ReadingSetting(2, 10))


def test_two_factors_of_ten_clusters_are_faithful(digits: Digits) -> None:
    found = fit_cnn_inte(digits.train, 10, SETTINGS, np.random.default_rng(0))
    network = agreement(found.network_route(digits.test.hidden), digits.test.predicted)
    forest = agreement(found.forest_route(digits.test.pixels), digits.test.predicted)

    assert agreement(digits.test.predicted, digits.test.labels).share >= 0.97
    assert network.share >= 0.94
    assert forest.share >= 0.95
    assert len(found.network.meta.full.leaves) <= 30


@pytest.mark.parametrize("sizes", [ReadingSetting(2, 10), ReadingSetting(5, 10)])
def test_an_untrained_network_is_explained_clearly_worse(
    digits: Digits, sizes: ReadingSetting
) -> None:
    settings = InteSettings(sizes)
    trained = fit_cnn_inte(digits.train, 10, settings, np.random.default_rng(0), out_of_bag=False)
    control = untrained_network(
        with_activations_of(digits.train, digits.untrained_train),
        with_activations_of(digits.test, digits.untrained_test),
        settings,
        np.random.default_rng(0),
    )

    found = agreement(trained.network_route(digits.test.hidden), digits.test.predicted)
    assert found.share - control.network_route.share >= 0.05


def test_the_untrained_twin_keeps_the_trained_networks_classes(digits: Digits) -> None:
    mixed = with_activations_of(digits.test, digits.untrained_test)

    np.testing.assert_array_equal(mixed.predicted, digits.test.predicted)
    np.testing.assert_array_equal(mixed.hidden, digits.untrained_test.hidden)


def test_a_forest_from_pixels_beats_a_tree_from_pixels(digits: Digits) -> None:
    rng = np.random.default_rng(0)

    tree = pixel_tree(digits.train, digits.test, rng)
    forest = pixel_forest(digits.train, digits.test, SETTINGS.forests, rng)

    assert 0.7 < tree.share < 0.92 < forest.share
