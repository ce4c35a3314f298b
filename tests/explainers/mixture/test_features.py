import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.features import choose_features, design, select
from explainers.mixture.fitting.options import MixtureOptions
from tests.explainers.planting import Planted

RANGE = np.array([[-1.0], [1.0]], np.float32)


@pytest.fixture
def table(planted: Planted) -> ActivationTable:
    return planted.data.train


def _colour(pixels: FloatArray, table: ActivationTable) -> ActivationTable:
    return dataclasses.replace(table, pixels=pixels)


def test_pixels_run_from_black_to_white(table: ActivationTable) -> None:
    found = choose_features(table, MixtureOptions.read({}), RANGE, np.random.default_rng(0))
    values = found.values(table, np.arange(5))

    assert found.kind == "pixels"
    np.testing.assert_allclose(values, (table.pixels[:5].reshape(5, -1) + 1.0) / 2.0)


def test_hidden_activations_are_taken_as_they_are(table: ActivationTable) -> None:
    options = MixtureOptions.read({"features": "hidden"})
    found = choose_features(table, options, None, np.random.default_rng(0))

    np.testing.assert_array_equal(found.values(table, np.arange(4)), table.hidden[:4])


def test_pixels_need_to_be_known_as_such(table: ActivationTable) -> None:
    with pytest.raises(NotApplicableError, match=r"set mixture\.features=hidden"):
        choose_features(table, MixtureOptions.read({}), None, np.random.default_rng(0))


def test_superpixels_find_patches_that_vary_together(table: ActivationTable) -> None:
    rng = np.random.default_rng(0)
    patches = rng.random((len(table), 2, 2, 2)).astype(np.float32)  # (images, channels, 2, 2)
    pixels = patches.repeat(4, axis=2).repeat(5, axis=3)
    given = _colour(2.0 * pixels - 1.0, table)
    options = MixtureOptions.read({"features": "superpixels", "superpixels": "4"})

    found = choose_features(given, options, np.array([[-1.0] * 2, [1.0] * 2], np.float32), rng)

    expected = np.array([[0, 1], [2, 3]]).repeat(4, axis=0).repeat(5, axis=1)
    planes = found.cells.reshape(2, 8, 10)
    np.testing.assert_array_equal(planes[0], expected)
    np.testing.assert_array_equal(planes[1], expected + 4)
    values = found.values(given, np.arange(3))
    np.testing.assert_allclose(values, patches[:3].reshape(3, -1), atol=1e-6)


def test_large_images_are_read_by_superpixels(table: ActivationTable) -> None:
    large = np.zeros((len(table), 1, 40, 40), np.float32)
    large[:, :, :20] = np.random.default_rng(0).normal(size=(len(table), 1, 1, 1))
    options = MixtureOptions.read({"superpixels": "2"})

    found = choose_features(_colour(large, table), options, RANGE, np.random.default_rng(0))

    assert found.kind == "superpixels"
    np.testing.assert_array_equal(found.cells.reshape(40, 40)[:, 0], [0] * 20 + [1] * 20)


def test_the_most_variable_features_stay_in_their_places() -> None:
    values = np.zeros((4, 5))
    values[0, [4, 1, 2]] = [3.0, 2.0, 1.0]

    np.testing.assert_array_equal(select(values, 2), [1, 4])


def test_constant_features_are_never_chosen() -> None:
    values = np.ones((4, 3))
    values[0, 1] = 2.0

    np.testing.assert_array_equal(select(values, 3), [1])


def test_an_intercept_is_a_last_column_of_ones() -> None:
    values = np.arange(6, dtype=np.float32).reshape(3, 2)

    assert design(values, intercept=True).shape == (3, 3)
    np.testing.assert_array_equal(design(values, intercept=True)[:, 2], 1.0)
    np.testing.assert_array_equal(design(values, intercept=False), values)
