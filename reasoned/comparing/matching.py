"""Which region of one model is which of another's: by the images in it, never by its name."""

import dataclasses
from typing import Final, final

import numpy as np
from scipy.optimize import linear_sum_assignment

from explainers.arrays import IntArray
from reasoned.answers import TextArray
from reasoned.comparing.figures import Move, RegionFigures, RegionPair
from reasoned.comparing.rand_index import rand_index

KEPT: Final = 0.5
LEAST: Final = 0.1  # two regions with less in common are not the same one, moved


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Division:
    """Images divided into regions.

    Attributes
    ----------
    names
        Those that hold an image, as they are met: nothing hangs on how they are called.
    places
        Shape (images). Positions in `names`; -1 outside all.
    sizes
        Shape (regions).

    """

    names: tuple[str, ...]
    places: IntArray
    sizes: IntArray


def compare_regions(
    of: str,
    before: TextArray,
    after: TextArray,
    about: TextArray,
    rng: np.random.Generator,
) -> RegionFigures:
    """Compare two divisions of the same images.

    Parameters
    ----------
    of
        What the figures call the division.
    before, after
        Shape (images). Each image's region; "" outside all.
    about
        Shape (images). The class that says what an image is about.
    rng
        Draws images for the interval.

    References
    ----------
    Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics 2, 1955.

    """
    one, other = _divided(before), _divided(after)
    shared = _shared(one, other)
    matched = _match(one, other, shared)
    found = rand_index(one.places + 1, other.places + 1, rng)
    wanted = np.full(len(one.names) + 1, -2)
    wanted[-1] = -1  # the last place is that of -1: outside stays outside
    for row, column in matched.items():
        wanted[row] = column
    return RegionFigures(
        of=of,
        images=len(before),
        agreement=found.value,
        low=found.low,
        high=found.high,
        staying=float(np.mean(wanted[one.places] == other.places)),
        pairs=_pairs(one, other, shared, matched, about),
    )


def _divided(regions: TextArray) -> _Division:
    names = tuple(name for name in dict.fromkeys(regions.tolist()) if name)
    place = {name: i for i, name in enumerate(names)} | {"": -1}
    places = np.array([place[name] for name in regions.tolist()], np.int64)
    return _Division(names, places, np.bincount(places[places >= 0], minlength=len(names)))


def _shared(one: _Division, other: _Division) -> IntArray:
    """Count the images of each region of A in each of B; shape (regions A, regions B)."""
    counts = np.zeros((len(one.names), len(other.names)), np.int64)
    inside = (one.places >= 0) & (other.places >= 0)
    np.add.at(counts, (one.places[inside], other.places[inside]), 1)
    return counts


def _match(one: _Division, other: _Division, shared: IntArray) -> dict[int, int]:
    """Pair regions so that the sum of their Jaccard indices is as large as it can be."""
    if not shared.size:
        return {}
    either = one.sizes[:, None] + other.sizes[None] - shared
    jaccard = shared / either
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    alike = jaccard[rows, columns] >= LEAST
    return dict(zip(rows[alike].tolist(), columns[alike].tolist(), strict=True))


def _pairs(
    one: _Division,
    other: _Division,
    shared: IntArray,
    matched: dict[int, int],
    about: TextArray,
) -> tuple[RegionPair, ...]:
    """List all regions, first those that most images left or joined."""
    taken = set(matched.values())
    both: list[tuple[int | None, int | None]] = [
        *((row, matched.get(row)) for row in range(len(one.names))),
        *((None, column) for column in range(len(other.names)) if column not in taken),
    ]
    found = [_pair(one, other, shared, pair, about) for pair in both]
    return tuple(
        sorted(found, key=lambda each: 2 * each.shared - each.images_before - each.images_after)
    )


def _pair(
    one: _Division,
    other: _Division,
    shared: IntArray,
    pair: tuple[int | None, int | None],
    about: TextArray,
) -> RegionPair:
    row, column = pair
    inside = (one.places == row) if row is not None else (other.places == column)
    images_before = 0 if row is None else int(one.sizes[row])
    images_after = 0 if column is None else int(other.sizes[column])
    common = 0 if row is None or column is None else int(shared[row, column])
    jaccard = common / (images_before + images_after - common)
    return RegionPair(
        before=None if row is None else one.names[row],
        after=None if column is None else other.names[column],
        move=_move(row, column, jaccard),
        images_before=images_before,
        images_after=images_after,
        shared=common,
        jaccard=jaccard,
        about=_most_frequent(about[inside]),
    )


def _move(row: int | None, column: int | None, jaccard: float) -> Move:
    if row is None:
        return "appeared"
    if column is None:
        return "vanished"
    return "kept" if jaccard >= KEPT else "moved"


def _most_frequent(names: TextArray) -> str:
    found, counts = np.unique(names.astype(str), return_counts=True)
    return str(found[counts.argmax()])
