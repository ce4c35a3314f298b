"""Both protocols on images of four pixels, worked out by hand."""

import numpy as np
import pytest

from explainers.arrays import FloatArray
from explainers.errors import ShapeError
from reasoned.evaluation.mixture_protocols import (
    PROTOCOLS,
    Scene,
    amplified_pictures,
    dark_noise,
    first_values,
    places_of,
    plain_pictures,
    uniform_noise,
)


def floats(rows: object) -> FloatArray:
    return np.array(rows, np.float32)


def scene(**changed: object) -> Scene:
    given = {
        "images": floats([[0.9, 0.8, 0.7, 0.6], [0.5, 0.0, 0.3, 0.2]]),
        "others": floats([[0.11, 0.12, 0.13, 0.14], [0.21, 0.22, 0.23, 0.24]]),
        "null": floats([0.0, 0.01, 0.02, 0.03]),
        "cells": np.arange(4),
        "explained": 1,
    }
    return Scene(**(given | changed))  # type: ignore[arg-type]  # given by name


NOISE = floats([[0.31, 0.32, 0.33, 0.34], [0.41, 0.42, 0.43, 0.44]])
# The first image's most important pixel is 2, the second's 3; each is an importance order, and
# no list of scores: read as scores, other pixels would be changed.
RANKING = np.array([[2, 0, 3, 1], [3, 1, 0, 2]])


def no_logits(_pictures: FloatArray) -> FloatArray:
    raise AssertionError("the plain protocol asks nothing")


def test_places_say_where_each_feature_stands_in_the_ranking() -> None:
    never = np.iinfo(np.int64).max
    np.testing.assert_array_equal(places_of(RANKING, 4), [[1, 3, 0, 2], [2, 1, 3, 0]])
    short = places_of(np.array([[3, -1], [1, 2]]), 4)
    np.testing.assert_array_equal(short, [[never, never, never, 0], [never, 0, 1, never]])


def test_the_plain_protocol_changes_the_first_pixels_and_no_others() -> None:
    made = plain_pictures(scene(), NOISE, places_of(RANKING, 4), 2, no_logits)

    # The first image's F is {2, 0}, the second's {3, 1}.
    np.testing.assert_array_equal(
        made["removal"], floats([[0.0, 0.8, 0.02, 0.6], [0.5, 0.01, 0.3, 0.03]])
    )
    np.testing.assert_array_equal(
        made["insertion"], floats([[0.9, 0.12, 0.7, 0.14], [0.21, 0.0, 0.23, 0.2]])
    )
    np.testing.assert_array_equal(
        made["synthetic"], floats([[0.9, 0.32, 0.7, 0.34], [0.41, 0.0, 0.43, 0.2]])
    )


def test_the_plain_protocol_stays_between_black_and_white() -> None:
    bright = scene(images=floats([[2.0, 0.5, 0.5, 0.5]] * 2), null=floats([-1.0] * 4))

    made = plain_pictures(bright, NOISE, places_of(RANKING, 4), 1, no_logits)

    np.testing.assert_array_equal(made["removal"][0], floats([1.0, 0.5, 0.0, 0.5]))


def test_a_superpixel_is_changed_with_all_its_values() -> None:
    halves = scene(cells=np.array([1, 0, 1, 0]))

    made = plain_pictures(halves, NOISE, places_of(np.array([[1], [0]]), 2), 1, no_logits)

    np.testing.assert_array_equal(
        made["removal"], floats([[0.0, 0.8, 0.02, 0.6], [0.5, 0.01, 0.3, 0.03]])
    )


def test_values_of_no_feature_stay() -> None:
    marked = first_values(places_of(np.array([[0]]), 1), 1, np.array([0, -1, 0, -1]))
    np.testing.assert_array_equal(marked, [[True, False, True, False]])


def test_the_amplified_protocol_uses_one_reference_for_all() -> None:
    asked: list[FloatArray] = []

    def logits_of(pictures: FloatArray) -> FloatArray:
        asked.append(pictures)
        # The second image has the larger probability of class 1; the first the larger logit.
        return floats([[5.0, 4.0], [1.0, 3.0]])

    made = amplified_pictures(scene(), NOISE, places_of(RANKING, 4), 2, logits_of)

    # What the reference is chosen by: own pixels, the rest black.
    np.testing.assert_array_equal(asked[0], floats([[0.9, 0, 0.7, 0], [0, 0.0, 0, 0.2]]))
    # The second image is the reference: F = {3, 1}; of removal {3, 0}, since pixel 1 is black.
    np.testing.assert_allclose(
        made["removal"], [[-0.25, 0.8, 0.7, -0.1], [-0.25, 0.0, 0.3, -0.1]], rtol=1e-6
    )
    np.testing.assert_allclose(
        made["insertion"], [[0.11, 0.0, 0.13, 1.0], [0.21, 0.0, 0.23, 1.0]], rtol=1e-6
    )
    np.testing.assert_allclose(
        made["synthetic"], [[0.31, 0.0, 0.33, 0.6], [0.41, 0.0, 0.43, 0.6]], rtol=1e-6
    )


def test_noise_is_that_of_its_protocol() -> None:
    rng = np.random.default_rng(0)
    plain, dark = uniform_noise((50, 100), rng), dark_noise((50, 100), rng)

    assert (plain.min() >= 0, plain.max() <= 1, dark.min() >= 0) == (True, True, True)
    np.testing.assert_allclose([plain.mean(), plain.std()], [0.5, 12**-0.5], atol=0.02)
    np.testing.assert_allclose([dark.mean(), dark.std()], [0.03, 0.01], atol=0.001)
    assert PROTOCOLS["plain"].noise is uniform_noise
    assert PROTOCOLS["amplified"].noise is dark_noise


def test_a_scene_whose_parts_do_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"others must have shape \(images=2, values=4\)"):
        scene(others=floats([[0.5] * 4]))
