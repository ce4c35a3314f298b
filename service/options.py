"""Query parameters to reply options."""

import functools
import re
from typing import Any, Final

from reasoned.errors import OptionsError
from reasoned.reply.options import DEFAULT, ReplyOptions
from service.query_string import pairs

_NAMES: Final = ("explain", "methods", "neighbours", "deadline_ms")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


def options_of(query: bytes, packaged: tuple[str, ...]) -> ReplyOptions:
    """Read the options of one request.

    Parameters
    ----------
    query
        The query string as it came.
    packaged
        The methods that the model holds.

    Raises
    ------
    OptionsError
        On unknown, repeated or wrong parameters; the message names the parameter.

    """
    return _cached(query, packaged) if query else DEFAULT


@functools.lru_cache(maxsize=256)
def _cached(query: bytes, packaged: tuple[str, ...]) -> ReplyOptions:
    given: dict[str, str] = {}
    for name, text in pairs(query):
        if name not in _NAMES:
            raise OptionsError(f"{name[:80]!r} is no option; there are {', '.join(_NAMES)}")
        if name in given:
            raise OptionsError(f"{name} must be given once, not twice")
        given[name] = text
    return ReplyOptions(**{name: _read(name, text, packaged) for name, text in given.items()})


def _read(name: str, text: str, packaged: tuple[str, ...]) -> Any:  # noqa: ANN401  one type per option
    if name == "methods":
        return known_methods(text.split(","), packaged)
    if name == "neighbours":
        return int(_matching(name, text, _WHOLE, "a whole number"))
    if name == "deadline_ms":
        return float(_matching(name, text, _NUMBER, "a number of milliseconds"))
    return text[:80]


def _matching(name: str, text: str, pattern: re.Pattern[str], wanted: str) -> str:
    if not pattern.fullmatch(text):
        raise OptionsError(f"{name} must be {wanted}, not {text[:80]!r}")
    return text


def known_methods(names: list[str], packaged: tuple[str, ...]) -> tuple[str, ...]:
    """Check the names of methods against those that the model holds.

    Raises
    ------
    OptionsError
        When one is not packaged or comes twice, or there is none.

    """
    unknown = [name for name in names if name not in packaged]
    if unknown or not names:
        found = repr(unknown[0][:80]) if unknown else "an empty list"
        raise OptionsError(f"methods must be of {', '.join(packaged)}, not {found}")
    if len(set(names)) != len(names):
        raise OptionsError("methods must name each method once")
    return tuple(names)
