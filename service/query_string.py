"""A query string to words."""

from typing import Final
from urllib.parse import parse_qsl

from reasoned.errors import OptionsError

_LONGEST: Final = 1024


def pairs(query: bytes) -> list[tuple[str, str]]:
    """Read names and values, in their order.

    Raises
    ------
    OptionsError
        When the query is too long, or is not percent-encoded UTF-8.

    """
    if len(query) > _LONGEST:
        raise OptionsError(f"the query may hold {_LONGEST} bytes, not {len(query)}")
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise OptionsError("the query must be percent-encoded UTF-8") from error


def words(query: bytes) -> dict[str, str]:
    """Read the value of each name; raise as `pairs` does, and where one is given twice."""
    found: dict[str, str] = {}
    for name, text in pairs(query):
        if name in found:
            raise OptionsError(f"{name[:80]} must be given once, not twice")
        found[name] = text
    return found
