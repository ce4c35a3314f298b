"""Rankings of four features, worked out by hand."""

import numpy as np

from reasoned.evaluation.mixture_rankings import (
    Materials,
    by_feature,
    class_variance,
    own_rankings,
    ranked,
)


def materials() -> Materials:
    return Materials(
        features=np.array([[1.0, 0.5, 0.0, 0.2, 1.0], [0.1, 1.0, 1.0, 0.0, 1.0]], np.float32),
        null=np.array([0.0, 0.0, 0.5, 0.0, 0.0]),
        others=np.array([0.5, 0.5, 0.5, 0.5, 0.5]),
        selected=np.array([True, True, True, True, False]),
        weights=np.array([[1.0, -4.0, -3.0, 2.0, 0.0], [5.0, 1.0, 0.5, -6.0, 0.0]]),
        ridge=np.array([0.5, -1.0, 0.1, 2.0, 0.0]),
        variance=np.array([0.1, 0.4, 0.3, 0.2, 9.0]),
    )


def test_every_ranking_is_the_one_by_hand() -> None:
    found = own_rankings(materials(), np.random.default_rng(0))

    np.testing.assert_array_equal(found["mixture"], [[1, 2, 3, 0], [3, 0, 1, 2]])
    # Contributions b (x - null): (1, -2, 1.5, 0.4) and (0.5, 1, 0.25, 0).
    np.testing.assert_array_equal(found["mixture_signed"], [[2, 0, 3, 1], [1, 0, 2, 3]])
    # b (x - 0.5): (0.5, 0, 1.5, -0.6) and (-2, 0.5, 0.25, 3): dark pixels count too.
    np.testing.assert_array_equal(found["mixture_mean"], [[2, 0, 1, 3], [3, 1, 2, 0]])
    # (0.25, 0, -0.05, -0.6) and (-0.2, -0.5, 0.05, -1).
    np.testing.assert_array_equal(found["ridge_mean"], [[0, 1, 2, 3], [2, 0, 1, 3]])
    np.testing.assert_array_equal(found["variance"], [[1, 2, 3, 0]] * 2)
    np.testing.assert_array_equal(found["ridge"], [[3, 1, 0, 2]] * 2)
    # (0.5, -0.5, -0.05, 0.4) and (0.05, -1, 0.05, 0): of equal ones the lower comes first.
    np.testing.assert_array_equal(found["ridge_signed"], [[0, 3, 2, 1], [0, 2, 3, 1]])
    within, every = found["random_within"], found["random_all"]
    np.testing.assert_array_equal(np.sort(within, axis=1), [[0, 1, 2, 3]] * 2)
    np.testing.assert_array_equal(np.sort(every, axis=1), [[0, 1, 2, 3, 4]] * 2)


def test_random_rankings_differ_from_image_to_image() -> None:
    one = materials()
    many = Materials(
        features=np.tile(one.features[:1], (400, 1)),
        null=one.null,
        others=one.others,
        selected=one.selected,
        weights=np.tile(one.weights[:1], (400, 1)),
        ridge=one.ridge,
        variance=one.variance,
    )
    first = own_rankings(many, np.random.default_rng(1))["random_within"][:, 0]
    # A quarter each, with a deviation of 9.
    assert np.all(np.abs(np.bincount(first) - 100) < 40)


def test_features_are_named_by_position_and_not_by_place_among_the_selected() -> None:
    among = np.array([False, True, False, True, True])
    scores = np.array([[9.0, 1.0, 9.0, 3.0, 2.0]])
    np.testing.assert_array_equal(ranked(scores, among), [[3, 4, 1]])


def test_shuffled_features_are_the_same_features() -> None:
    rng = np.random.default_rng(2)
    scores, among = rng.random((3, 30)), rng.random(30) < 0.6
    order = rng.permutation(30)
    shuffled = ranked(scores[:, order], among[order])
    np.testing.assert_array_equal(order[shuffled], ranked(scores, among))


def test_scores_of_values_add_up_over_a_superpixel() -> None:
    found = by_feature(np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]]), np.array([1, 0, 1]))
    np.testing.assert_array_equal(found, [[2.0, 5.0], [16.0, 40.0]])


def test_the_variance_is_over_images() -> None:
    np.testing.assert_allclose(class_variance(np.array([[0, 1], [2, 1]], np.float32)), [1.0, 0.0])
