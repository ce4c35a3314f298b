"""The three readings of the two clustering levels."""

import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.errors import FittingError, NotApplicableError, ShapeError
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.map_factors import MapFactors
from explainers.meta_forest.fitting.inte.nested_rows import NestedRows
from explainers.meta_forest.fitting.inte.reading import Reading, ReadingSetting
from explainers.meta_forest.fitting.inte.readings import READINGS, reading_named


@pytest.fixture
def table() -> ActivationTable:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 3, size=300)
    return ActivationTable(
        rows=np.arange(300),
        labels=labels,
        predicted=labels,
        logits=rng.normal(size=(300, 3)).astype(np.float32),
        hidden=np.maximum(rng.normal(size=(300, 12)), 0).astype(np.float32),
        pixels=rng.normal(size=(300, 1, 4, 4)).astype(np.float32),
        convolution=rng.normal(size=(300, 3, 2, 2)).astype(np.float32),
    )


@pytest.fixture(params=READINGS)
def fitted(request: pytest.FixtureRequest, table: ActivationTable) -> Reading:
    kind = reading_named(request.param)
    return kind.fit(kind.layer_of(table), ReadingSetting(3, 4), np.random.default_rng(0))


def test_on_training_images_the_network_route_gives_the_clusterings_own_ids(
    fitted: Reading, table: ActivationTable
) -> None:
    np.testing.assert_array_equal(fitted.codes(fitted.layer_of(table)), fitted.fitted_codes)


def test_every_id_is_one_of_its_factors_clusters(fitted: Reading) -> None:
    assert fitted.fitted_codes.shape == (300, len(fitted.clusters))
    assert fitted.fitted_codes.min() >= 0
    assert np.all(fitted.fitted_codes.max(axis=0) < np.array(fitted.clusters))


def test_every_factor_says_what_it_looks_at(fitted: Reading) -> None:
    for factor in range(len(fitted.clusters)):
        assert len(fitted.units(factor)) >= 1
        assert fitted.title(factor)


def test_the_same_seed_gives_the_same_ids(fitted: Reading, table: ActivationTable) -> None:
    layer = fitted.layer_of(table)
    again = type(fitted).fit(layer, ReadingSetting(3, 4), np.random.default_rng(0))

    np.testing.assert_array_equal(again.fitted_codes, fitted.fitted_codes)


def test_columns_give_each_factor_its_own_units(table: ActivationTable) -> None:
    found = ColumnFactors.fit(table.hidden, ReadingSetting(3, 4), np.random.default_rng(0))

    units = np.concatenate([found.units(factor) for factor in range(3)])
    assert sorted(units.tolist()) == list(range(12))
    assert found.clusters == (4, 4, 4)


def test_a_fine_cluster_lies_in_its_images_coarse_one(table: ActivationTable) -> None:
    found = NestedRows.fit(table.hidden, ReadingSetting(3, 4), np.random.default_rng(0))
    unseen = np.abs(np.random.default_rng(9).normal(size=(200, 12)))

    codes = found.codes(unseen)

    np.testing.assert_array_equal(found.parent[codes[:, 1]], codes[:, 0])
    assert found.clusters == (3, 12)


def test_maps_give_one_factor_each_and_a_joint_one(table: ActivationTable) -> None:
    layer = MapFactors.layer_of(table)
    found = MapFactors.fit(layer, ReadingSetting(3, 4), np.random.default_rng(0))

    assert found.clusters == (3, 3, 3, 4)
    np.testing.assert_array_equal(found.units(1), [1])
    np.testing.assert_array_equal(found.units(3), [0, 1, 2])


def test_maps_need_a_convolutional_map(table: ActivationTable) -> None:
    with pytest.raises(NotApplicableError, match="use the reading 'columns' or 'rows'"):
        MapFactors.layer_of(dataclasses.replace(table, convolution=None))


def test_a_layer_of_another_width_is_refused(table: ActivationTable) -> None:
    found = ColumnFactors.fit(table.hidden, ReadingSetting(3, 4), np.random.default_rng(0))

    with pytest.raises(ShapeError, match=r"layer must have shape \(images, units=12\), not"):
        found.codes(table.hidden[:, :5])


def test_an_unknown_reading_is_refused() -> None:
    with pytest.raises(FittingError, match="one of columns, rows, maps, not 'cols'"):
        reading_named("cols")


def test_sizes_below_one_are_refused() -> None:
    with pytest.raises(FittingError, match="at least 1, not 0 and 3"):
        ReadingSetting(0, 3)
