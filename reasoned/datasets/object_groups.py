"""Images of one object, told by their file names, so that no split parts them."""

import re
from collections.abc import Sequence

import numpy as np

from explainers.arrays import IntArray
from reasoned.errors import DataError


def object_groups(files: Sequence[str], classes: Sequence[str], pattern: str) -> IntArray:
    r"""Give the images of one object one number, as their file names tell.

    An object is a class together with what the pattern captures: ``^(\d+)_`` takes
    ``00012_00004.jpg`` and ``00012_00008.jpg`` of one class for two views of one object.

    Parameters
    ----------
    files
        One path per image; only the name behind the last slash is looked at.
    classes
        Each image's class.
    pattern
        A regular expression with one capturing group, searched for in the name.

    Returns
    -------
    IntArray
        Shape (images). Objects are numbered as they first appear.

    Raises
    ------
    DataError
        When the pattern is no such expression, or does not match a name.

    """
    expression = _expression(pattern)
    numbers: dict[tuple[str, str | None], int] = {}
    found = np.empty(len(files), np.int64)
    for row, (file, label) in enumerate(zip(files, classes, strict=True)):
        match = expression.search(file.rpartition("/")[2])
        if match is None or match[1] is None:
            raise DataError(
                f"--groups must match every file name, but {pattern!r} captures nothing in {file}"
            )
        found[row] = numbers.setdefault((label, match[1]), len(numbers))
    return found


def _expression(pattern: str) -> re.Pattern[str]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise DataError(
            f"--groups must be a regular expression, but {pattern!r} is not: {error}"
        ) from error
    if expression.groups != 1:
        raise DataError(
            f"--groups must have one capturing group, as in '^(\\d+)_', but {pattern!r} has "
            f"{expression.groups}"
        )
    return expression
