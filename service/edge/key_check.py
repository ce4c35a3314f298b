"""Let in only those who hold an API key."""

import hmac
from collections.abc import Iterable
from typing import Final, final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.answers import Header, send_answer
from service.api_keys import digest_of
from service.edge.open_paths import OPEN_PATHS
from service.errors import UnauthorizedError
from service.problems import error_answer

_WANTED: Final = "send `Authorization: Bearer KEY` or `X-API-Key: KEY`"


@final
class KeyCheck:
    """Compare the digest of the sent key with every known one, in constant time."""

    def __init__(self, app: ASGIApp, digests: tuple[bytes, ...]) -> None:
        self._app = app
        self._digests = digests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        key = _sent_key(scope["headers"])
        if key is None:
            error = UnauthorizedError(f"This service wants an API key: {_WANTED}.")
            await send_answer(send, error_answer(scope, error))
        elif not self._is_known(key):
            error = UnauthorizedError(f"This API key is not known here: {_WANTED}.")
            await send_answer(send, error_answer(scope, error))
        else:
            await self._app(scope, receive, send)

    def _is_known(self, key: bytes) -> bool:
        digest = digest_of(key)
        found = [hmac.compare_digest(digest, known) for known in self._digests]
        return any(found)


def _sent_key(headers: Iterable[Header]) -> bytes | None:
    for name, value in headers:
        if name == b"x-api-key":
            return value
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].strip()
    return None
