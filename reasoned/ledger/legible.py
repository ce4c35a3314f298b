"""JSON in the columns of a row, which somebody may have changed by hand."""

import logging
from typing import Any, Final

import orjson

_LOGGER: Final = logging.getLogger("reasoned.ledger")
_MOST: Final = 2**63  # no database counts further
# A list of numbers that the database can count to, and NULL in place of anything else: a statement
# over many rows must not fail for one.
_LISTED: Final = {
    "sqlite": "CASE WHEN json_valid({column}) THEN {column} END",
    "postgresql": (
        "CASE WHEN {column} ~ '^\\[([1-9][0-9]{{0,17}}(,[1-9][0-9]{{0,17}})*)?\\]$' "
        "THEN {column} END"
    ),
}


def listed(dialect: str, column: str) -> str:
    """Write the SQL of a column that holds a list of numbers as JSON, unless it was changed."""
    return _LISTED[dialect].format(column=column)


def read_options(text: str, name: str) -> dict[str, Any] | None:
    """Read what a decision was asked for; None, and a line in the log, where it is unreadable."""
    found = _read(text)
    if isinstance(found, dict):
        return found
    _warn(name, "options")
    return None


def read_numbers(text: str, name: str) -> list[int]:
    """Read the numbers of what a decision cited; none, and a line in the log, of the unreadable."""
    found = _read(text)
    if isinstance(found, list) and all(type(one) is int and 0 < one < _MOST for one in found):
        return found
    _warn(name, "cited")
    return []


def _read(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _warn(name: str, column: str) -> None:
    _LOGGER.warning("decision %.80r: its %s cannot be read; was the row changed?", name, column)
