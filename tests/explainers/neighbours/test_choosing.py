import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray
from explainers.errors import FittingError
from explainers.neighbours.fitting import choose_representatives
from explainers.neighbours.fitting.choosing import LEAST_STANDS_FOR
from explainers.neighbours.served import Representatives
from tests.explainers.planting import CLASSES, Planted, example_id


def _choose(
    train: ActivationTable, distinct: BoolArray | None = None, seed: int = 0
) -> Representatives:
    every = np.ones(len(train), dtype=np.bool_) if distinct is None else distinct
    return choose_representatives(train, CLASSES, example_id, every, np.random.default_rng(seed))


def _part(table: ActivationTable, chosen: list[int]) -> ActivationTable:
    names = [field.name for field in dataclasses.fields(table)]
    held = {name: getattr(table, name) for name in names}
    return dataclasses.replace(
        table, **{name: array[chosen] for name, array in held.items() if array is not None}
    )


@pytest.fixture(scope="module")
def chosen(planted: Planted) -> Representatives:
    return _choose(planted.data.train)


def test_they_are_distinct_training_images_described_as_they_are(
    chosen: Representatives, planted: Planted
) -> None:
    train = planted.data.train

    assert len(set(chosen.rows.tolist())) == len(chosen)
    assert set(chosen.rows.tolist()) <= set(train.rows.tolist())
    at = chosen.rows - int(train.rows[0])
    np.testing.assert_array_equal(chosen.vectors, train.hidden[at])
    np.testing.assert_array_equal(chosen.labels, train.labels[at])
    np.testing.assert_array_equal(chosen.predicted, train.predicted[at])
    assert chosen.ids == tuple(example_id(row) for row in chosen.rows.tolist())


def test_each_stands_for_ten_or_more_and_together_for_all(
    chosen: Representatives, planted: Planted
) -> None:
    assert chosen.stands_for.min() >= LEAST_STANDS_FOR == 10
    assert chosen.stands_for.sum() == len(planted.data.train)
    assert len(chosen) >= len(planted.data.train) // 30


def test_the_counts_are_those_of_the_nearest_representative(
    chosen: Representatives, planted: Planted
) -> None:
    gaps = planted.data.train.hidden[:, None].astype(np.float64) - chosen.vectors
    owners = (gaps**2).sum(axis=2).argmin(axis=1)

    np.testing.assert_array_equal(np.bincount(owners), chosen.stands_for)


def test_every_planted_group_has_a_representative(
    chosen: Representatives, planted: Planted
) -> None:
    train = planted.data.train

    modes = (train.pixels[:, 0, 0, 4] > 0).astype(np.int64)
    groups = {(int(c), int(m)) for c, m in zip(train.labels, modes, strict=True)}
    at = chosen.rows - int(train.rows[0])
    assert {(int(train.labels[i]), int(modes[i])) for i in at} == groups


def test_clusters_are_named_by_the_predicted_class(chosen: Representatives) -> None:
    for predicted, cluster in zip(chosen.predicted, chosen.clusters, strict=True):
        assert chosen.cluster_names[cluster].rsplit("/", 1)[0] == CLASSES[predicted]


def test_the_same_seed_chooses_the_same(chosen: Representatives, planted: Planted) -> None:
    again = _choose(planted.data.train)

    assert again.ids == chosen.ids
    np.testing.assert_array_equal(again.stands_for, chosen.stands_for)


def test_no_image_is_shown_twice_however_often_it_was_given(planted: Planted) -> None:
    # Every image three times: only the first of each may be shown.
    images = len(planted.data.train) // 3
    train = dataclasses.replace(
        _part(planted.data.train, list(range(images)) * 3), rows=np.arange(3 * images)
    )
    distinct = np.arange(3 * images) < images

    found = _choose(train, distinct)

    assert found.rows.max() < images
    assert len(np.unique(found.vectors, axis=0)) == len(found)
    assert found.stands_for.sum() == 3 * images


def test_where_nothing_may_be_shown_the_fit_is_refused(planted: Planted) -> None:
    told = "no training image is left to be shown as a representative"

    with pytest.raises(FittingError, match=told):
        _choose(planted.data.train, np.zeros(len(planted.data.train), dtype=np.bool_))


@pytest.mark.parametrize("images", [1, 2, 9, 25, 60])
def test_few_images_are_represented_too(planted: Planted, images: int) -> None:
    found = _choose(_part(planted.data.train, list(range(images))))

    assert 1 <= len(found) <= max(images // 4, 4)
    assert found.stands_for.sum() == images
    if images >= 60:
        assert found.stands_for.min() >= 10


def test_an_odd_image_out_does_not_become_a_representative_of_itself_alone(
    planted: Planted,
) -> None:
    train = planted.data.train
    hidden = train.hidden.copy()
    hidden[7] += 100

    found = _choose(dataclasses.replace(train, hidden=hidden))

    assert found.stands_for.min() >= 10
    assert found.stands_for.sum() == len(train)
