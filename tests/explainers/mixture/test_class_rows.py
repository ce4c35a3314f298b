import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.class_rows import ClassRows, class_rows
from explainers.mixture.fitting.features import choose_features
from explainers.mixture.fitting.options import MixtureOptions
from tests.explainers.mixture.planted_pixels import RANGE, table

IMAGES, PIXELS = 80, 12
# What each pixel ranges over; two never change.
SPREAD = np.array([0.2, 0.0, 0.9, 0.5, 1.0, 0.3, 0.0, 0.8, 0.1, 0.7, 0.6, 0.4])
LOG_ODDS = np.where(np.arange(IMAGES) % 2 == 0, 1.0, -1.0) * np.linspace(0.5, 6.0, IMAGES)


def images(spread: DoubleArray = SPREAD) -> ActivationTable:
    rng = np.random.default_rng(0)
    pixels = 0.5 + spread * (rng.random((IMAGES, PIXELS)) - 0.5)
    return table(pixels.reshape(IMAGES, 3, 4), LOG_ODDS, np.zeros((IMAGES, 1)), 0)


def rows_of(given: ActivationTable, number: int = 0, **options: str) -> ClassRows:
    read = MixtureOptions.read(options)
    features = choose_features(given, read, RANGE, np.random.default_rng(0))
    return class_rows(given, features, number, read, np.random.default_rng(0))


@pytest.mark.parametrize(("most", "wanted"), [(1, [4]), (3, [2, 4, 7]), (5, [2, 4, 7, 9, 10])])
def test_the_most_variable_pixels_are_read_in_the_order_of_the_image(
    most: int, wanted: list[int]
) -> None:
    own = rows_of(images(), most_features=str(most))

    assert own.selected.tolist() == wanted
    pixels = images().pixels.reshape(IMAGES, -1)
    np.testing.assert_allclose(own.regression.x[:, :-1], pixels[own.rows][:, wanted])
    np.testing.assert_array_equal(own.regression.x[:, -1], 1.0)


def test_constant_pixels_are_not_read_even_if_there_is_room() -> None:
    own = rows_of(images(), most_features="300")

    assert own.selected.tolist() == [0, 2, 3, 4, 5, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("number", [0, 1])
def test_rows_ascend_and_their_log_odds_are_the_classes(number: int) -> None:
    own = rows_of(images(), number, rows="30")

    assert own.number == number
    assert np.all(np.diff(own.rows) > 0)
    sign = 1.0 if number == 0 else -1.0
    np.testing.assert_allclose(own.regression.y, sign * LOG_ODDS[own.rows], rtol=1e-6)
    assert (own.regression.y > 0).sum() == 15


def test_log_odds_are_cut_off() -> None:
    own = rows_of(images(), limit="2")

    np.testing.assert_allclose(own.regression.y, LOG_ODDS.clip(-2, 2)[own.rows], rtol=1e-6)


def test_without_an_intercept_there_is_no_column_of_ones() -> None:
    own = rows_of(images(), intercept="false", most_features="3")

    assert own.regression.x.shape[1] == 3
    assert not own.regression.intercept
    np.testing.assert_array_equal(
        own.seen(np.arange(24.0).reshape(2, 12)), [[2, 4, 7], [14, 16, 19]]
    )


def test_other_images_are_read_as_the_rows_are() -> None:
    own = rows_of(images(), most_features="3")

    np.testing.assert_array_equal(own.seen(np.arange(12.0)[None]), [[2, 4, 7, 1]])


def test_images_that_are_all_alike_cannot_be_regressed_on() -> None:
    with pytest.raises(
        NotApplicableError,
        match=r"needs features that vary, but all pixels of class 1's training images are constant",
    ):
        rows_of(images(np.zeros(PIXELS)), number=1)


def test_a_class_that_the_network_hardly_gives_cannot_be_regressed_on() -> None:
    given = images()
    predicted = np.where(np.arange(IMAGES) < 9, 0, 1)

    with pytest.raises(NotApplicableError, match=r"needs 10 training images .* gives 9"):
        rows_of(dataclasses.replace(given, predicted=predicted))


def test_with_contrast_rows_weigh_as_the_class_is_frequent() -> None:
    given = images()
    rare = dataclasses.replace(given, predicted=np.where(np.arange(IMAGES) < 20, 0, 1))

    own = rows_of(rare)

    inside = rare.predicted[own.rows] == 0
    assert own.weights[inside].sum() / own.weights.sum() == pytest.approx(0.25)


def test_without_contrast_all_rows_weigh_alike() -> None:
    given = images()
    missed = dataclasses.replace(given, predicted=np.where(np.arange(IMAGES) % 7 == 0, 1, 0))

    assert set(rows_of(missed, contrast="false").weights.tolist()) == {1.0}
