"""Whose fault it is that rows could not be written."""

from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

# Of the class of PostgreSQL's error codes: what the data are, and what the tables allow.
_OF_ROWS: Final = ("22", "23")


def blames_rows(error: Exception) -> bool:
    """Say whether some row can never be written, in place of no row just now."""
    if isinstance(error, IntegrityError | DataError | TypeError | ValueError | OverflowError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    cause = error.orig
    told = cause.args[0] if cause is not None and cause.args else None
    if isinstance(told, dict):
        return str(told.get("C", "")).startswith(_OF_ROWS)
    return "binding parameter" in str(told)


def reason_of(error: Exception) -> str:
    """Name an error in one word, as it is counted."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return type(error if cause is None else cause).__name__
