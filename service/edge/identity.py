"""Name each request, and return the name on every answer."""

import re
from collections.abc import Iterable
from typing import Final, final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answers import Header
from service.arrival import register
from service.trace_parent import register_parent

HEADER: Final = b"x-request-id"
_SANE: Final = re.compile(rb"[A-Za-z0-9._:@/+=-]{1,128}")


@final
class Identity:
    """Give a request its id; the header returns the client's own, if it sent a sane one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _sent(scope["headers"])
        parent = register_parent(scope)
        arrival = register(
            scope,
            None if sent is None else sent.decode(),
            None if parent is None else parent.trace_id,
        )
        name = (HEADER, sent or arrival.request_id.encode())

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), name]
            await send(message)

        await self._app(scope, receive, named)


def _sent(headers: Iterable[Header]) -> bytes | None:
    found = [value for key, value in headers if key == HEADER]
    return found[0] if len(found) == 1 and _SANE.fullmatch(found[0]) else None
