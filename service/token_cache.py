"""Tokens that were found good: verifying a signature costs more than a whole reply."""

import collections
import dataclasses
import hashlib
import time
from collections.abc import Callable
from typing import Final, final

from jwt import PyJWK

from service.caller import Caller

MOST_KEPT: Final = 1024


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Verified:
    """What was found out of a token.

    Attributes
    ----------
    caller
        Whom it lets in.
    until
        When it expires, in seconds since 1970.
    key_id, key
        What verified it: good for as long as this very key is in use.

    """

    caller: Caller
    until: float
    key_id: str
    key: PyJWK


@final
class TokenCache:
    """Remember the tokens that were used last.

    Parameters
    ----------
    clock
        Seconds since 1970.

    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: collections.OrderedDict[bytes, Verified] = collections.OrderedDict()

    def find(self, token: str) -> Verified | None:
        """Give what is known of a token, unless it has expired."""
        digest = _digest(token)
        found = self._kept.get(digest)
        if found is None:
            return None
        if found.until <= self._clock():
            del self._kept[digest]
            return None
        self._kept.move_to_end(digest)
        return found

    def keep(self, token: str, verified: Verified) -> None:
        """Remember a token; the one that was not used for longest goes."""
        self._kept[_digest(token)] = verified
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _digest(token: str) -> bytes:
    """Name a token, which may be long, and is nothing to keep."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
