"""HTTP Basic: how a browser, which asks its user for a password, brings a key."""

import base64
import binascii
import dataclasses
from collections.abc import Iterable
from typing import Final

from starlette.types import Scope

from service.access import WANTED, Credential
from service.answers import Answer, Header
from service.errors import UnauthorizedError

# A browser sends a password along by itself, also when another site makes it ask: so it opens
# what is only read.
SAFE: Final = frozenset({"GET", "HEAD"})
CHALLENGE: Final[Header] = (b"www-authenticate", b'Basic realm="reasoned", charset="UTF-8"')
_PAGE: Final = b"text/html"
_MOST: Final = 16_384  # bytes: the longest token, and a user beside it, in base64


def unpacked(credential: Credential, method: str) -> Credential:
    """Take the password of HTTP Basic for the key or token; others are given back as they are.

    Raises
    ------
    UnauthorizedError
        When the method is none that only reads, or what came is no user and password.

    """
    if not credential.basic:
        return credential
    if method not in SAFE:
        raise UnauthorizedError(
            "HTTP Basic is for GET and HEAD here, since browsers send it along by themselves; for "
            f"{method} {WANTED}."
        )
    if len(credential.value) > _MOST:
        raise _malformed(f"{len(credential.value)} bytes, more than the {_MOST} that are read")
    try:
        pair = base64.b64decode(credential.value, validate=True)
    except binascii.Error as error:
        raise _malformed("no base64") from error
    _, colon, password = pair.partition(b":")
    if not colon:
        raise _malformed("base64 of something without a colon")
    return Credential(password, bearer=True)


def challenged(scope: Scope, refusal: Answer) -> Answer:
    """Add to a 401 what makes a browser ask for the key, where it wanted a page."""
    if scope["method"] not in SAFE or not _wants_page(scope["headers"]):
        return refusal
    return dataclasses.replace(refusal, headers=(*refusal.headers, CHALLENGE))


def _malformed(came: str) -> UnauthorizedError:
    return UnauthorizedError(
        "Behind `Authorization: Basic` wanted the base64 of USER:KEY, with any user, and got "
        f"{came}; mend it, or {WANTED}."
    )


def _wants_page(headers: Iterable[Header]) -> bool:
    """Tell a browser that opens a page from a program, which may take anything."""
    accepted = (value.split(b",") for name, value in headers if name == b"accept")
    return any(one.partition(b";")[0].strip().lower() == _PAGE for some in accepted for one in some)
