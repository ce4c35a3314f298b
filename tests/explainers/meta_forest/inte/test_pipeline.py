"""The whole reconstruction: both routes, sound paths, the same twice."""

import numpy as np
import pytest

from explainers.meta_forest.fitting.inte.base_learners import ForestSettings
from explainers.meta_forest.fitting.inte.inte_picture import picture_of
from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings
from explainers.meta_forest.fitting.inte.pipeline import (
    CnnInte,
    InteSettings,
    base_inputs,
    fit_cnn_inte,
)
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.pictures.diagrams import tree_svg
from tests.explainers.meta_forest.inte.conftest import Digits

SETTINGS = InteSettings(
    ReadingSetting(5, 10), forests=ForestSettings(30), tree=TreeSettings(most_leaves=20)
)


@pytest.fixture(scope="module")
def fitted(digits: Digits) -> CnnInte:
    return fit_cnn_inte(digits.train, 10, SETTINGS, np.random.default_rng(0))


def test_on_training_images_the_network_route_gives_the_k_means_labels(
    fitted: CnnInte, digits: Digits
) -> None:
    found = fitted.network_codes(digits.train)

    np.testing.assert_array_equal(found, fitted.network.reading.fitted_codes)


@pytest.mark.parametrize("which", ["full", "display"])
@pytest.mark.parametrize("route", ["network", "forest"])
def test_displayed_conditions_hold_and_lead_to_the_displayed_leaf(
    fitted: CnnInte, digits: Digits, which: str, route: str
) -> None:
    tree = fitted.network.meta.full if which == "full" else fitted.network.meta.display
    ids = fitted.network_codes if route == "network" else fitted.forest_codes
    codes = ids(digits.test)
    every_way = {leaf: tree.path_to(int(leaf)).conditions for leaf in tree.leaves}

    for row, named in zip(codes, tree.predict(codes), strict=True):
        path = tree.path(row)
        fulfilled = [
            leaf for leaf, way in every_way.items() if all(step.true_of(row) for step in way)
        ]
        assert fulfilled == [path.leaf]
        assert path.conditions == every_way[path.leaf]
        assert path.names == named
        assert path.support == path.histogram.sum()


def test_the_displayed_path_is_that_of_the_pruned_tree(fitted: CnnInte, digits: Digits) -> None:
    codes = fitted.network_codes(digits.test)[0]

    assert fitted.path(codes).nodes == fitted.network.meta.display.path(codes).nodes
    assert len(fitted.network.meta.display.leaves) <= 20 < len(fitted.network.meta.full.leaves)


def test_routes_name_classes_from_the_layer_and_from_the_pixels(
    fitted: CnnInte, digits: Digits
) -> None:
    tree = fitted.network.meta.full

    np.testing.assert_array_equal(
        fitted.network_route(digits.test.hidden), tree.predict(fitted.network_codes(digits.test))
    )
    np.testing.assert_array_equal(
        fitted.forest_route(digits.test.pixels), tree.predict(fitted.forest_codes(digits.test))
    )


def test_the_same_seed_gives_the_same_map_ids_tree_and_diagram(
    fitted: CnnInte, digits: Digits
) -> None:
    again = fit_cnn_inte(digits.train, 10, SETTINGS, np.random.default_rng(0))

    for found in (again.network_codes, again.forest_codes):
        assert found(digits.test).shape == (599, 5)
    np.testing.assert_array_equal(
        again.network_codes(digits.test), fitted.network_codes(digits.test)
    )
    np.testing.assert_array_equal(again.forest_codes(digits.test), fitted.forest_codes(digits.test))
    for factor in range(5):
        np.testing.assert_array_equal(
            again.network.reading.units(factor), fitted.network.reading.units(factor)
        )
    classes = tuple("0123456789")
    drawn = [
        tree_svg(picture_of(one.network.meta.display, classes, "tree")) for one in (fitted, again)
    ]
    assert drawn[0] == drawn[1]


def test_forests_may_read_the_layer_instead_of_pixels(digits: Digits) -> None:
    settings = InteSettings(
        ReadingSetting(2, 4), forests=ForestSettings(10), base_input="activations"
    )
    found = fit_cnn_inte(digits.train, 10, settings, np.random.default_rng(0))

    inputs = base_inputs(digits.test, "activations", found.network.reading)
    assert inputs.shape == (599, 64)
    np.testing.assert_array_equal(
        found.forest_route(inputs), found.network.meta.full.predict(found.forest_codes(digits.test))
    )


def test_the_tree_may_learn_the_true_class(digits: Digits) -> None:
    settings = InteSettings(ReadingSetting(2, 4), forests=ForestSettings(5), target="truth")
    found = fit_cnn_inte(digits.train, 10, settings, np.random.default_rng(0), out_of_bag=False)

    root = found.network.meta.full.histograms[0]
    np.testing.assert_array_equal(root, np.bincount(digits.train.labels, minlength=10))
