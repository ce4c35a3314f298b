"""Pixels that come as nested lists of numbers, as in a JSON request."""

from itertools import chain
from typing import NoReturn

import numpy as np

from explainers.arrays import ByteArray
from reasoned.errors import ImageTooLargeError, OptionsError

MOST_VALUES = 65_536
_WANTED = (
    "pixels must be a list of equally long rows of whole numbers from 0 to 255, "
    "or of [grey] or [red, green, blue] lists of them"
)


def pixels_image(pixels: object, *, most_values: int = MOST_VALUES) -> ByteArray:
    """Turn nested lists into an image.

    Parameters
    ----------
    pixels
        Rows x columns, or rows x columns x 1 or 3, of whole numbers from 0 to 255.
    most_values
        The largest count of numbers that is taken.

    Returns
    -------
    ByteArray
        Shape (rows, columns, channels), with one or three channels. Read-only.

    Raises
    ------
    ImageTooLargeError
        When there are more than `most_values` numbers.
    OptionsError
        When `pixels` is anything else; the message says where.

    """
    rows = _list_of_items(pixels, "pixels")
    first = _list_of_items(rows[0], "row 0")
    columns, cell = len(first), _cell_length(first)
    channels = cell or 1
    # Before the rows are looked at, so that no more is read than will be kept.
    if len(rows) * columns * channels > most_values:
        raise ImageTooLargeError(
            f"pixels must hold at most {most_values} numbers, not {len(rows)} x {columns} "
            f"x {channels}; send an encoded image instead"
        )
    lines = [_line(row, f"row {position}", columns, cell) for position, row in enumerate(rows)]
    return np.frombuffer(b"".join(lines), np.uint8).reshape(len(rows), columns, channels)


def _list_of_items(found: object, where: str) -> list[object]:
    if not isinstance(found, list):
        _refuse(f"{where} is {_kind(found)}")
    if not found:
        _refuse(f"{where} is empty")
    return found


def _cell_length(row: list[object]) -> int | None:
    first = row[0]
    if not isinstance(first, list):
        return None
    if len(first) not in (1, 3):
        _refuse(f"row 0, column 0 holds {len(first)} numbers")
    return len(first)


def _line(row: object, where: str, columns: int, cell: int | None) -> bytes:
    values = _list_of_items(row, where)
    if len(values) != columns:
        _refuse(f"{where} holds {len(values)} columns where row 0 holds {columns}")
    if cell is not None:
        values = _flattened(values, where, cell)
    if set(map(type, values)) != {int}:
        odd = next(value for value in values if type(value) is not int)
        _refuse(f"{where} holds {_kind(odd)}")
    try:
        return bytes(values)  # type: ignore[arg-type]  # the line above saw that all are int
    except (ValueError, OverflowError):
        _refuse(f"{where} holds a number outside 0 to 255")


def _flattened(values: list[object], where: str, cell: int) -> list[object]:
    cells = [found for found in values if isinstance(found, list) and len(found) == cell]
    if len(cells) != len(values):
        _refuse(f"{where} holds a column that is not a list of length {cell}")
    return list(chain.from_iterable(cells))


def _kind(found: object) -> str:
    names = {type(None): "null", bool: "a truth value", float: "a number with a point"}
    names |= {str: "text", dict: "an object", list: "a list", int: "a number"}
    return names.get(type(found), type(found).__name__)


def _refuse(problem: str) -> NoReturn:
    raise OptionsError(f"{_WANTED}; {problem}")
