"""Where a page ended, as a word that its client hands back for the next."""

import base64
import binascii
import dataclasses
import hashlib
import math
import struct
from typing import Final, Self, final

from reasoned.errors import OptionsError
from reasoned.ledger.query import Query

_LAYOUT: Final = struct.Struct("<QdQ")
_MARK: Final = 6  # bytes of a digest
_NOT_IN_MARK: Final = {"cursor", "limit"}


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the last row of the one before.

    Attributes
    ----------
    top
        The newest decision when the first page was read: what is written later belongs to
        no page.
    at, seq
        Of that row.

    """

    top: int
    at: float
    seq: int

    @classmethod
    def first(cls, newest: int) -> Self:
        """Give the place before the first page, when this decision is the newest."""
        return cls(newest, math.inf, newest + 1)

    def after(self, at: float, seq: int) -> Self:
        """Go on to a row."""
        return dataclasses.replace(self, at=at, seq=seq)

    def cursor(self, query: Query) -> str:
        """Write the place down; only the same query can go on from it."""
        packed = _LAYOUT.pack(self.top, self.at, self.seq)
        marked = _mark(query) + packed
        return base64.urlsafe_b64encode(_check(marked) + marked).decode()


def place_of(query: Query) -> Place | None:
    """Read a query's cursor; None for the first page.

    Raises
    ------
    OptionsError
        When no page of this query ended there.

    """
    if query.cursor is None:
        return None
    try:
        found = base64.b64decode(query.cursor.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        found = b""
    check, marked = found[:_MARK], found[_MARK:]
    if len(marked) != _MARK + _LAYOUT.size or check != _check(marked):
        raise OptionsError("cursor: wanted the cursor of an earlier page, as it was given")
    if marked[:_MARK] != _mark(query):
        raise OptionsError(
            "cursor: it belongs to another query; repeat the parameters of its first page"
        )
    place = Place(*_LAYOUT.unpack(marked[_MARK:]))
    if not math.isfinite(place.at) or max(place.top, place.seq) >= 1 << 63:
        raise OptionsError("cursor: wanted the cursor of an earlier page, as it was given")
    return place


def _mark(query: Query) -> bytes:
    text = query.model_dump_json(exclude=_NOT_IN_MARK)
    return hashlib.sha256(text.encode()).digest()[:_MARK]


def _check(marked: bytes) -> bytes:
    return hashlib.sha256(b"cursor" + marked).digest()[:_MARK]
