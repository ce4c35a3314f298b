"""Images that are not of the model's kind at all, which no reply should call `supported`."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.answers import answer_images
from reasoned.assessment.figures import StrangerFigures
from reasoned.assessment.shares import by_status
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.sources import open_dataset
from reasoned.errors import DataError
from reasoned.explaining import Parts

LEAST_NOT_SUPPORTED: Final = 0.95
_GREY, _DEVIATION, _WHITE = 127.5, 64.0, 255
_DRAWS: Final = 12
# Digits are no strangers to a model of digits.
_OF_DIGITS: Final = ("digits", "mnist")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Strangers:
    """One set of them.

    Attributes
    ----------
    name
        What they are called.
    what
        What they are.
    images
        Each of shape (rows, columns, channels).

    """

    name: str
    what: str
    images: Sequence[ByteArray]


def made_strangers(images: Sequence[ByteArray], seed: int) -> tuple[Strangers, ...]:
    """Make strangers of the size of test images: noise of two kinds, and the images inverted."""
    rng = np.random.default_rng([seed, _DRAWS])
    shapes = [image.shape for image in images]
    normal = [rng.normal(_GREY, _DEVIATION, shape) for shape in shapes]
    return (
        Strangers(
            "Gaussian noise",
            f"every pixel normal around {_GREY:g} with deviation {_DEVIATION:g}",
            [np.rint(one).clip(0, _WHITE).astype(np.uint8) for one in normal],
        ),
        Strangers(
            "uniform noise",
            "every pixel anything from black to white",
            [rng.integers(0, _WHITE + 1, shape).astype(np.uint8) for shape in shapes],
        ),
        Strangers("inverted images", "test images as negatives", [_WHITE - one for one in images]),
    )


def other_data(spec: str, count: int, seed: int) -> Strangers:
    """Open another data set, and choose some of its images.

    Parameters
    ----------
    spec
        ``SPEC``, or ``SPEC=DIR`` where the files lie in a folder of their own.
    count
        How many images, fewer where there are no more; of the official test split, if any.
    seed
        Chooses them.

    Raises
    ------
    DataError
        When there is no such data set, or its folder is none.

    """
    # The path of a folder may hold the sign itself, and needs no other place.
    name, _, place = (spec, "", "") if spec.startswith("folder:") else spec.partition("=")
    if place and not Path(place).is_dir():
        raise DataError(
            f"strangers must be SPEC or SPEC=DIR with an existing folder, not {spec!r}: "
            f"there is no folder {place}"
        )
    dataset = open_dataset(name, data_dir=Path(place) if place else None)
    rows = _chosen(dataset, count, np.random.default_rng([seed, _DRAWS]))
    what = f"{len(rows)} images of {dataset.name}"
    return Strangers(dataset.name, what, [dataset.image(int(row)) for row in rows])


def usual_strangers(spec: str) -> tuple[str, ...]:
    """Name the data sets that are sent where nobody says which; none to a model of digits."""
    return () if spec in _OF_DIGITS else ("digits",)


def stranger_figures(
    parts: Parts, strangers: Strangers, progress: Callable[..., Iterable[int]]
) -> StrangerFigures:
    """Answer strangers, and count how many are not `supported`."""
    answers = answer_images(parts, strangers.images, None, progress, strangers.name)
    supported, _, outside = by_status(answers)
    return StrangerFigures(
        name=strangers.name,
        what=strangers.what,
        images=len(answers),
        not_supported=1.0 - supported.share,
        out_of_support=outside.share,
        supported_fidelity=supported.fidelity,
    )


def _chosen(dataset: Dataset, count: int, rng: np.random.Generator) -> list[int]:
    tested = np.flatnonzero(dataset.official_test)
    rows = tested if len(tested) else np.arange(len(dataset))
    found: list[int] = np.sort(rng.permutation(rows)[:count]).tolist()
    return found
