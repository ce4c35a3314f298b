"""Where two replies first differ, byte for byte."""

import re
from typing import Final

_AROUND: Final = 20
_FIELD: Final = re.compile(rb'"(\w+)":')


def bytes_difference(stored: bytes, again: bytes) -> str | None:
    """Say at which byte, and after which field's name, or give None where they are equal."""
    if stored == again:
        return None
    shorter = min(len(stored), len(again))
    place = next((i for i in range(shorter) if stored[i] != again[i]), shorter)
    named = _FIELD.findall(again[:place])
    after = f", after the name {named[-1].decode()!r}" if named else ""
    old, new = (text[place : place + _AROUND] for text in (stored, again))
    return f"byte {place} of {len(stored)}{after}: from there the reply was {old!r}, and is {new!r}"
