"""The order of the classes: the data's own, or the one that a network was trained with."""

import numpy as np

from explainers.arrays import IntArray
from reasoned.errors import DataError


def class_positions(
    where: str, found: tuple[str, ...], wanted: tuple[str, ...] | None
) -> tuple[tuple[str, ...], IntArray]:
    """Put the classes that were found into the order that is wanted.

    Parameters
    ----------
    where
        What the message calls the data.
    found
        The class names as the data has them.
    wanted
        The same names in the order of the network's logits, or None for the data's own.

    Returns
    -------
    tuple
        The names in order, and an array of shape (found) with each found class's
        position among them.

    Raises
    ------
    DataError
        When the two do not name the same classes; the message gives the difference.

    """
    if wanted is None:
        return found, np.arange(len(found), dtype=np.int64)
    repeated = sorted({name for name in wanted if wanted.count(name) > 1})
    if repeated:
        raise DataError(f"--classes must name each class once, but repeats {_listed(repeated)}")
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    if missing or unknown:
        raise DataError(
            f"--classes must name the classes of {where}"
            + (f"; not found there: {_listed(missing)}" if missing else "")
            + (f"; there but not named: {_listed(unknown)}" if unknown else "")
        )
    return wanted, np.array([wanted.index(name) for name in found], np.int64)


def _listed(names: list[str]) -> str:
    told = ", ".join(repr(name) for name in names[:10])
    return told if len(names) <= 10 else f"{told} and {len(names) - 10} more"
