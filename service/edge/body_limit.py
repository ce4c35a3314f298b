"""Cap a request's body while it streams in."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answers import Header, send_answer
from service.errors import BodyTooLargeError
from service.problems import error_answer


@final
class BodyLimit:
    """Refuse a body as soon as its declared or its received length passes the limit.

    Parameters
    ----------
    app
        What lies behind.
    limit
        Bytes allowed on every path that `by_path` does not name.
    by_path
        Bytes allowed on particular paths.

    """

    def __init__(self, app: ASGIApp, limit: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._by_path.get(scope["path"], self._limit)
        if _declared(scope["headers"]) > limit:
            await send_answer(send, error_answer(scope, _too_large(limit)))
            return
        await _serve_counted(self._app, scope, receive, send, limit)


async def _serve_counted(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, limit: int
) -> None:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    async def guarded(message: Message) -> None:
        # Whatever the application makes of the exception, one 413 goes out, below.
        if received <= limit:
            await send(message)

    with contextlib.suppress(BodyTooLargeError):
        await app(scope, counted, guarded)
    if received > limit:
        await send_answer(send, error_answer(scope, _too_large(limit)))


def _declared(headers: Iterable[Header]) -> int:
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            # As many digits as a number of any use has: `int` refuses thousands of them.
            return int(value.lstrip(b"0")[:20] or b"0")
    return 0


def _too_large(limit: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"The body may hold {limit} bytes on this path, not more.")
