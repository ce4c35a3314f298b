"""What each cluster means, by its training images."""

import numpy as np
import pytest

from explainers.meta_forest.fitting.inte.atlas import Atlas, draw_atlas
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from tests.explainers.meta_forest.inte.conftest import Planted


@pytest.fixture(scope="module")
def reading(planted: Planted) -> ColumnFactors:
    return ColumnFactors.fit(planted.train.hidden, ReadingSetting(3, 4), np.random.default_rng(0))


@pytest.fixture(scope="module")
def atlas(planted: Planted, reading: ColumnFactors) -> Atlas:
    return draw_atlas(reading, planted.train)


def test_every_image_is_in_one_cluster_of_each_factor(planted: Planted, atlas: Atlas) -> None:
    for row in atlas.portraits:
        assert sum(portrait.size for portrait in row) == len(planted.train)


def test_portraits_show_their_own_members(
    planted: Planted, reading: ColumnFactors, atlas: Atlas
) -> None:
    codes = reading.codes(planted.train.hidden)
    for factor, row in enumerate(atlas.portraits):
        for cluster, portrait in enumerate(row):
            members = np.flatnonzero(codes[:, factor] == cluster)
            wanted = planted.train.pixels[members].astype(np.float64).mean(axis=0)
            # float32 sums of some hundred values
            np.testing.assert_allclose(portrait.mean_image, wanted, rtol=0, atol=1e-5)
            counted = np.bincount(planted.train.predicted[members], minlength=3)
            np.testing.assert_array_equal(portrait.histogram, counted)


def test_the_nearest_images_are_members_and_in_order(
    planted: Planted, reading: ColumnFactors, atlas: Atlas
) -> None:
    distances = reading.distances(planted.train.hidden, 1)
    portrait = atlas.portraits[1][2]
    here = distances[distances.argmin(axis=1) == 2, 2]

    assert len(portrait.nearest) == 8
    np.testing.assert_array_equal(distances[portrait.nearest, 2], np.sort(here)[:8])


def test_units_and_titles_are_those_of_the_factors(reading: ColumnFactors, atlas: Atlas) -> None:
    np.testing.assert_array_equal(atlas.units[0], reading.units(0))
    assert atlas.titles[0] == f"{len(reading.units(0))} units that rise and fall together"
