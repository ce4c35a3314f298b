"""Where two JSON values first differ, exactly."""

from collections.abc import Sequence
from typing import Final

import orjson

_MOST: Final = 120


def first_difference(stored: object, again: object, where: str) -> str | None:
    """Say in words where two values first differ, or give None where they are equal.

    Parameters
    ----------
    stored, again
        Of JSON: what was recorded, and what was computed again.
    where
        What they are called.

    """
    if isinstance(stored, dict) and isinstance(again, dict):
        return _object_difference(stored, again, where)
    if isinstance(stored, list | tuple) and isinstance(again, list | tuple):
        return _list_difference(stored, again, where)
    if type(stored) is type(again) and stored == again:
        return None
    return f"{where} was {shown(stored)}, and is {shown(again)}{_apart(stored, again)}"


def _object_difference(
    stored: dict[str, object], again: dict[str, object], where: str
) -> str | None:
    for name in dict.fromkeys((*stored, *again)):
        inside = f"{where}.{name}" if where else str(name)
        if name not in again:
            return f"{inside} was {shown(stored[name])}, and is not there"
        if name not in stored:
            return f"{inside} was not there, and is {shown(again[name])}"
        if found := first_difference(stored[name], again[name], inside):
            return found
    return None


def _list_difference(stored: Sequence[object], again: Sequence[object], where: str) -> str | None:
    for place, (one, other) in enumerate(zip(stored, again, strict=False)):
        if found := first_difference(one, other, f"{where}[{place}]"):
            return found
    if len(stored) != len(again):
        return f"{where} had {len(stored)} entries, and has {len(again)}"
    return None


def shown(value: object) -> str:
    """Write a value in one short line."""
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


def _apart(stored: object, again: object) -> str:
    """Say how far two numbers lie apart: another processor may differ in the last digit."""
    if type(stored) is type(again) is float:
        return f" ({abs(again - stored):.2g} apart)"
    return ""
