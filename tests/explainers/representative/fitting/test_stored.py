"""What the fitter stores beside the polytopes."""

import dataclasses

import numpy as np

from explainers.fitting_contract import FittingData, silent
from explainers.representative.fitting.candidates import find_candidates
from explainers.representative.fitting.showing import KEPT
from explainers.representative.served import Representative
from explainers.representative.served.search import DenseTail, References, SearchSettings
from explainers.representative.served.words import unsearched_words
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
        # Two centres of a k-means may have the same image nearest to them.
        assert min(40, fitted.references[polytope]) <= len(shown) <= KEPT
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
    plain, full = stored.explain(outside), stored.explain_in_full(outside, lambda: False)
    assert full.sentence == f"{plain.sentence} {unsearched_words()}"
    assert dataclasses.replace(full, sentence=plain.sentence) == plain


def test_an_image_counts_as_inside_where_it_did_when_it_was_chosen(
    network: FittingData, fitted: Representative
) -> None:
    images = [network.validation.one(place) for place in range(len(network.validation))]

    named = [fitted.explain(image).names for image in images]

    told = np.array([name is not None for name in named])
    assert fitted.least_depth > 0.0
    assert told.mean() == fitted.coverage[-1]
    agrees = np.array(named)[told] == network.validation.predicted[told]
    assert agrees.mean() == fitted.agreement[-1]
    depth = fitted.polytopes.depths(boundary_of(network.validation)).max(axis=1)
    assert fitted.scale == np.median(depth[depth > 0])


def test_each_class_is_counted_on_validation_images_of_the_network_s_class(
    network: FittingData, fitted: Representative
) -> None:
    predicted = network.validation.predicted
    named = np.array(
        [
            -1 if name is None else name
            for name in (
                fitted.explain(network.validation.one(place)).names
                for place in range(len(predicted))
            )
        ]
    )

    for label in range(len(network.classes)):
        answers = named[predicted == label]
        inside = answers[answers >= 0]
        # A class without an image has the share 0.
        assert fitted.class_coverage[label] == len(inside) / max(len(answers), 1)
        assert fitted.class_agreement[label] == (inside == label).sum() / max(len(inside), 1)
    assert (fitted.class_coverage > 0.9).sum() >= 2


def test_searches_are_counted_for_all_seeds_that_found_a_polytope(
    network: FittingData, fitted: Representative
) -> None:
    references = References(boundary_of(network.train), network.train.predicted)
    assert network.upper is not None
    searching = np.random.default_rng(0).spawn(3)[0]

    found = find_candidates(network.upper, references, SearchSettings(), 600, searching, silent)

    assert len(found) > len(fitted.references)
    assert fitted.searches == sum(one.found.drawn for one in found) > 0
    assert fitted.failed == sum(one.found.failed for one in found)
    assert fitted.violations == sum(one.found.violations for one in found)
    assert not fitted.single_piece


def test_the_facet_that_cuts_off_the_most_training_images_comes_first(
    network: FittingData, fitted: Representative
) -> None:
    distances = boundary_of(network.train) @ fitted.normals.T + fitted.offsets

    cut = (distances <= 0).sum(axis=0)
    for polytope in range(len(fitted.references)):
        part = cut[fitted.polytopes.facets(polytope)]
        # In float32 an image on a facet may be counted on either side.
        assert part[0] >= part.max() - 1
