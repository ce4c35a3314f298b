"""What the fitter stores beside the polytopes."""

import dataclasses

import numpy as np

from explainers.fitting_contract import FittingData
from explainers.representative.served import Representative
from explainers.representative.served.search import DenseTail
from tests.explainers.representative.fitting.small_networks import (
    bent,
    boundary_of,
    fit,
)


def test_examples_are_training_images_inside_with_the_seed_first(
    network: FittingData, fitted: Representative
) -> None:
    train = network.train
    rows = {row: place for place, row in enumerate(train.rows.tolist())}
    places = np.array([rows[row] for row in fitted.example_rows.tolist()])

    np.testing.assert_array_equal(fitted.example_points, boundary_of(train)[places])
    np.testing.assert_array_equal(fitted.example_predicted, train.predicted[places])
    assert fitted.example_ids == tuple(f"image {row}" for row in fitted.example_rows.tolist())
    inside = fitted.polytopes.members(fitted.example_points)
    for polytope, similar in enumerate(fitted.similar):
        shown = similar[similar >= 0]
        assert inside[shown, polytope].all()
        assert similar[0] >= 0
        assert len(shown) == min(16, fitted.references[polytope]) or len(shown) > 10
    # Every example is shown, and the seed is of the polytope's class.
    assert set(fitted.similar.ravel().tolist()) - {-1} == set(range(len(places)))
    np.testing.assert_array_equal(
        fitted.example_predicted[fitted.similar[:, 0]], fitted.polytope_classes
    )


def test_the_network_above_is_stored_for_searches_at_request_time(
    network: FittingData, fitted: Representative
) -> None:
    assert isinstance(network.upper, DenseTail)
    assert fitted.tail_shapes == tuple(weight.shape for weight in network.upper.weights)
    assert fitted.tail_slopes == network.upper.slopes
    np.testing.assert_array_equal(
        fitted.tail_weights, np.concatenate([w.ravel() for w in network.upper.weights])
    )
    np.testing.assert_array_equal(fitted.search_points, boundary_of(network.train))
    np.testing.assert_array_equal(fitted.search_predicted, network.train.predicted)


def test_a_network_that_bends_is_approximate_and_not_stored(network: FittingData) -> None:
    stored = fit(dataclasses.replace(network, upper=bent(network)), seeds="4")

    assert stored.approximate == "GELU bends"
    assert stored.tail_shapes == ()
    assert (stored.tail_weights.size, stored.search_points.shape) == (0, (0, 6))
    outside = next(
        image
        for image in map(network.validation.one, range(400))
        if stored.explain(image).region is None
    )
    assert stored.explain_in_full(outside, lambda: False) == stored.explain(outside)
