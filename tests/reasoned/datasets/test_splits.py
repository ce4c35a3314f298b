import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import IntArray
from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.datasets.splits import Splits, all_rows, make_splits
from reasoned.errors import DataError

SIDES = ("train", "validation", "calibration", "test")


def dataset(
    labels: IntArray | list[int],
    *,
    tests: int = 0,
    groups: IntArray | None = None,
    name: str = "made",
) -> ArrayDataset:
    found = np.asarray(labels, np.int64)
    return ArrayDataset(
        name=name,
        classes=tuple(f"class {number}" for number in range(int(found.max()) + 1)),
        labels=found,
        official_test=np.arange(len(found)) >= len(found) - tests,
        groups=groups,
        blocks=(np.zeros((len(found), 1, 1, 1), np.uint8),),
    )


def rows_of(splits: Splits) -> list[IntArray]:
    return [getattr(splits, side) for side in SIDES]


def sizes(splits: Splits) -> list[int]:
    return [len(rows) for rows in rows_of(splits)]


def counts(data: ArrayDataset, splits: Splits) -> list[list[int]]:
    width = len(data.classes)
    return [np.bincount(data.labels[rows], minlength=width).tolist() for rows in rows_of(splits)]


def check_partition(data: ArrayDataset, splits: Splits) -> None:
    everything = np.concatenate(rows_of(splits))
    np.testing.assert_array_equal(np.sort(everything), np.arange(len(data)))
    for rows in rows_of(splits):
        np.testing.assert_array_equal(rows, np.sort(rows))
        assert rows.dtype == np.int64
        assert not rows.flags.writeable
    if data.official_test.any():
        np.testing.assert_array_equal(splits.test, np.flatnonzero(data.official_test))
    np.testing.assert_array_equal(np.unique(data.labels[splits.train]), range(len(data.classes)))


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_the_published_sets_are_split_to_the_image(name: str, rng: np.random.Generator) -> None:
    labels = rng.integers(0, 10, 70_000)
    data = dataset(labels, tests=10_000, name=name)

    splits = make_splits(data, rng)

    assert sizes(splits) == [50_000, 5_000, 5_000, 10_000]
    check_partition(data, splits)
    exact = np.bincount(labels[:60_000]) / 12
    for side, share in enumerate((10, 1, 1)):
        # Within a class a share is met to the image, at most one off on either end.
        np.testing.assert_allclose(counts(data, splits)[side], exact * share, rtol=0, atol=1.5)


def test_with_an_official_test_the_rest_is_80_10_10(rng: np.random.Generator) -> None:
    data = dataset([0, 1] * 60, tests=20)

    assert counts(data, make_splits(data, rng)) == [[40, 40], [5, 5], [5, 5], [10, 10]]


def test_without_an_official_test_all_is_64_12_12_12(rng: np.random.Generator) -> None:
    data = dataset([0, 1] * 100)

    assert counts(data, make_splits(data, rng)) == [[64, 64], [12, 12], [12, 12], [12, 12]]


def test_calibration_from_elsewhere_leaves_its_share(rng: np.random.Generator) -> None:
    # 10 go to train and validation as 80 : 10, that is 8.9 and 1.1 of a hundred.
    with_test = dataset([0] * 90 + [1] * 90 + [0, 1] * 10, tests=20)
    without_test = dataset([0, 1] * 95)

    assert sizes(make_splits(with_test, rng, own_calibration=False)) == [160, 20, 0, 20]
    # 88 of a hundred as 64 : 12.
    assert sizes(make_splits(without_test, rng, own_calibration=False)) == [141, 26, 0, 23]


def test_another_set_gives_all_its_rows_to_calibration() -> None:
    assert all_rows(dataset([0, 1, 1], tests=1)).tolist() == [0, 1, 2]


def test_the_same_seed_gives_the_same_splits_and_another_others() -> None:
    data = dataset([0, 1, 2] * 50)
    first, again, other = (make_splits(data, np.random.default_rng(seed)) for seed in (1, 1, 2))

    for one, two in zip(rows_of(first), rows_of(again), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first.train, other.train)


def test_the_splits_do_not_follow_the_order_of_the_rows(rng: np.random.Generator) -> None:
    data = dataset([0] * 1000 + [1] * 1000)

    splits = make_splits(data, rng)

    # The mean row of a class's share would be 500 on average, with a spread of about 30.
    assert abs(splits.test[splits.test < 1000].mean() - 500) < 120


def test_objects_are_never_parted(rng: np.random.Generator) -> None:
    # 6 objects of 8 images in each class: 4 go to train, and every other side gets one.
    data = dataset(np.repeat([0, 1], 48), groups=np.repeat(np.arange(12), 8))

    splits = make_splits(data, rng)

    assert counts(data, splits) == [[24, 24], [8, 8], [8, 8], [8, 8]]
    assert data.groups is not None
    objects = [set(data.groups[rows].tolist()) for rows in rows_of(splits)]
    assert sum(len(found) for found in objects) == 12


def test_groups_of_one_image_are_split_by_the_same_shares(rng: np.random.Generator) -> None:
    data = dataset([0, 1] * 100, groups=np.arange(200))

    assert counts(data, make_splits(data, rng)) == [[64, 64], [12, 12], [12, 12], [12, 12]]


def test_rows_without_objects_would_leak(rng: np.random.Generator) -> None:
    # The control: take the groups away, and the same objects are on several sides.
    grouped = dataset(np.repeat([0, 1], 48), groups=np.repeat(np.arange(12), 8))
    objects = grouped.groups
    assert objects is not None

    splits = make_splits(dataclasses.replace(grouped, groups=None), rng)

    assert set(objects[splits.train].tolist()) & set(objects[splits.test].tolist())


@given(
    labels=st.lists(st.integers(0, 4), min_size=60, max_size=200),
    tests=st.integers(0, 20),
    seed=st.integers(0, 5),
    own_calibration=st.sampled_from([True, False]),
)
def test_every_row_is_on_one_side(
    labels: list[int], *, tests: int, seed: int, own_calibration: bool
) -> None:
    data = dataset([0, 1, 2, 3, 4, *labels], tests=tests)

    splits = make_splits(data, np.random.default_rng(seed), own_calibration=own_calibration)

    check_partition(data, splits)
    assert bool(len(splits.calibration)) == own_calibration
    wanted = {True: (80, 10, 10, 0), False: (64, 12, 12, 12)}[tests > 0]
    rest = len(data) - tests
    if own_calibration:
        for side, share in enumerate(wanted):
            # Rounding, and at most one image of each class that would miss train.
            if share:
                assert abs(len(rows_of(splits)[side]) - rest * share / 100) < 1 + 5


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=30, max_size=60
    ),  # each object's class, and the number of its images
    st.integers(0, 5),
)
def test_no_object_is_on_two_sides(objects: list[tuple[int, int]], seed: int) -> None:
    objects = [*((label, 2) for label in (0, 1, 2) for _ in range(4)), *objects]
    labels = [label for label, size in objects for _ in range(size)]
    groups = [number for number, (_, size) in enumerate(objects) for _ in range(size)]
    order = np.random.default_rng(seed).permutation(len(labels))
    data = dataset(np.array(labels)[order], groups=np.array(groups)[order])
    assert data.groups is not None

    splits = make_splits(data, np.random.default_rng(seed))

    check_partition(data, splits)
    sides = [set(data.groups[rows].tolist()) for rows in rows_of(splits)]
    assert sum(len(side) for side in sides) == len(objects)


@pytest.mark.parametrize("grouped", ["objects", "images"])
def test_a_class_of_one_image_goes_to_train(grouped: str) -> None:
    labels = [0] * 60 + [1] * 60 + [2]
    groups = np.arange(121) if grouped == "objects" else None
    data = dataset(labels, groups=groups)

    for seed in range(10):
        assert 120 in make_splits(data, np.random.default_rng(seed)).train


@pytest.mark.parametrize("seed", range(10))
def test_an_object_of_two_classes_counts_for_the_rarer(seed: int) -> None:
    # Class 2 is seen in one image only, within an object of class 0.
    labels = [0] * 30 + [1] * 30
    labels[0] = 2
    data = dataset(labels, groups=np.repeat(np.arange(20), 3))

    splits = make_splits(data, np.random.default_rng(seed))

    check_partition(data, splits)
    assert 0 in splits.train


def test_a_class_that_is_in_the_test_split_only_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(DataError, match="none of class 2; add images"):
        make_splits(dataset([0, 1] * 30 + [2], tests=1), rng)


def test_a_set_too_small_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(DataError, match=r"made is too small to split: .+ would be empty of its 3"):
        make_splits(dataset([0, 1, 1]), rng)
    with pytest.raises(DataError, match="validation would be empty of its 16"):
        make_splits(dataset([0] * 8 + [1] * 8, groups=np.repeat([0, 1], 8), tests=0), rng)
