"""Which rows are for fitting, for choosing, for counting and for reporting."""

import dataclasses
from typing import final

import numpy as np

from explainers.arrays import DoubleArray, IntArray, make_read_only
from reasoned.datasets.dataset import Dataset
from reasoned.errors import DataError

# Train, validation, calibration, test.
Shares = tuple[float, float, float, float]
_PUBLISHED: dict[str, Shares] = {"mnist": (10, 1, 1, 0), "fashion-mnist": (10, 1, 1, 0)}
_WITH_OFFICIAL_TEST: Shares = (80, 10, 10, 0)
_WITHOUT: Shares = (64, 12, 12, 12)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Splits:
    """The rows of a data set, each on one side; sorted.

    Attributes
    ----------
    train
        For every fit.
    validation
        For every choice.
    calibration
        For the counts of the reliability statement, and nothing else.
    test
        Read once, for reported figures.

    """

    train: IntArray
    validation: IntArray
    calibration: IntArray
    test: IntArray

    def __post_init__(self) -> None:
        make_read_only(self)


def make_splits(
    dataset: Dataset, rng: np.random.Generator, *, own_calibration: bool = True
) -> Splits:
    """Split a data set, class by class, never parting the images of one object.

    An official test split stays the test split. MNIST and Fashion-MNIST give
    50,000 / 5,000 / 5,000 / 10,000; of other sets the rest goes 80 : 10 : 10, and where
    there is no official test split, all goes 64 : 12 : 12 : 12.

    Parameters
    ----------
    dataset
        What to split.
    rng
        The same state gives the same splits.
    own_calibration
        False where calibration images come from another data set: `calibration` is then
        empty, and its share goes to `train` and `validation` in proportion.

    Raises
    ------
    DataError
        When a class does not reach `train`, or a split would be empty.

    """
    has_test = bool(dataset.official_test.any())
    shares = _shares(dataset, has_test=has_test, own_calibration=own_calibration)
    rows = np.flatnonzero(~dataset.official_test)
    if dataset.groups is None:
        sides = _by_row(dataset.labels[rows], shares, rng)
    else:
        sides = _by_group(dataset.labels[rows], dataset.groups[rows], shares, rng)
    train, validation, calibration, test = (rows[sides == side] for side in range(4))
    if has_test:
        test = np.flatnonzero(dataset.official_test)
    splits = Splits(train, validation, calibration, test)
    _check(dataset, splits, own_calibration=own_calibration)
    return splits


def all_rows(dataset: Dataset) -> IntArray:
    """Give every row of a data set that serves for calibration only."""
    return np.arange(len(dataset), dtype=np.int64)


def _shares(dataset: Dataset, *, has_test: bool, own_calibration: bool) -> DoubleArray:
    usual = _PUBLISHED.get(dataset.name, _WITH_OFFICIAL_TEST) if has_test else _WITHOUT
    shares = np.array(usual, np.float64) / sum(usual)
    if not own_calibration:
        calibration, shares[2] = shares[2], 0.0
        shares[:2] *= 1 + calibration / shares[:2].sum()
    return shares


def _by_row(labels: IntArray, shares: DoubleArray, rng: np.random.Generator) -> IntArray:
    """Give every row a side: exact totals, and within one of exact for every class.

    The rows are shuffled and sorted by class; along that line the sides alternate as
    evenly as their shares allow.
    """
    shuffled = rng.permutation(len(labels))
    line = shuffled[np.argsort(labels[shuffled], kind="stable")]
    totals = _whole(shares * len(labels))
    marks = np.concatenate([(np.arange(total) + 0.5) / total for total in totals if total])
    names = np.repeat(np.arange(len(totals)), totals)
    sides = np.empty(len(labels), np.int64)
    sides[line] = names[np.argsort(marks, kind="stable")]
    return _first_to_train(labels, sides, line)


def _first_to_train(labels: IntArray, sides: IntArray, line: IntArray) -> IntArray:
    found, first = np.unique(labels[line], return_index=True)
    lacking = ~np.isin(found, labels[sides == 0])
    sides[line[first[lacking]]] = 0
    return sides


def _whole(exact: DoubleArray) -> IntArray:
    """Round to whole numbers of the same sum, up where the remainder is largest."""
    whole = np.floor(exact + 1e-9).astype(np.int64)
    missing = round(float(exact.sum())) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return whole


def _by_group(
    labels: IntArray, groups: IntArray, shares: DoubleArray, rng: np.random.Generator
) -> IntArray:
    """Give every group a side, class by class, the largest groups first.

    Each goes where the largest part of the share is still open, so that a class with as
    many groups as there are sides reaches all of them.
    """
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    class_of = _rarest_class(labels, group_of)
    side_of = np.zeros(len(sizes), np.int64)
    for label in np.unique(class_of):
        members = rng.permutation(np.flatnonzero(class_of == label))
        members = members[np.argsort(-sizes[members], kind="stable")]
        wanted = shares * sizes[members].sum()
        given = np.zeros_like(wanted)
        for member in members:
            still_open = np.where(wanted > 0, 1 - given / np.maximum(wanted, 1e-9), -np.inf)
            side_of[member] = np.argmax(still_open)
            given[side_of[member]] += sizes[member]
    return side_of[group_of]


def _rarest_class(labels: IntArray, group_of: IntArray) -> IntArray:
    """Find the rarest class within each group, which has the fewest other chances; (groups)."""
    order = np.argsort(np.bincount(labels)[labels], kind="stable")
    _, first = np.unique(group_of[order], return_index=True)
    rarest: IntArray = labels[order][first]
    return rarest


def _check(dataset: Dataset, splits: Splits, *, own_calibration: bool) -> None:
    seen = np.isin(np.arange(len(dataset.classes)), dataset.labels[splits.train])
    if not seen.all():
        lacking = [dataset.classes[position] for position in np.flatnonzero(~seen)]
        raise DataError(
            f"{dataset.name} must have an image of every class for training, but has none of "
            f"{', '.join(lacking[:10])}; add images, or more objects where they are grouped"
        )
    for field in dataclasses.fields(splits):
        wanted = own_calibration or field.name != "calibration"
        if wanted and not len(getattr(splits, field.name)):
            raise DataError(
                f"{dataset.name} is too small to split: {field.name} would be empty of its "
                f"{len(dataset)} images; add images, or more objects where they are grouped"
            )
