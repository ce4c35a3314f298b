"""Let each caller ask so often, and tell him how he stands."""

import dataclasses
import math
import time
from typing import final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answers import Header, send_answer
from service.edge.open_paths import UNCOUNTED_PATHS
from service.errors import RateLimitedError
from service.problems import error_answer
from service.rate import Rate, Window, subject_of


@final
class RateLimit:
    """Count each request; health and metrics are never counted."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self._app = app
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            try:
                await self._app(scope, receive, send)
            finally:
                await self._rate.close()
            return
        counted = scope["type"] == "http" and scope["path"] not in UNCOUNTED_PATHS
        window = await self._rate.count(subject_of(scope)) if counted else None
        if window is None:
            await self._app(scope, receive, send)
        elif window.is_over:
            await _refuse(scope, send, window)
        else:
            await _serve_told(self._app, scope, receive, send, _told(window))


async def _serve_told(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, headers: tuple[Header, ...]
) -> None:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *headers]
        await send(message)

    await app(scope, receive, told)


async def _refuse(scope: Scope, send: Send, window: Window) -> None:
    seconds = max(1, math.ceil(window.ends - time.time()))
    error = RateLimitedError(
        f"{window.most} requests may come in one window, and this is one more; come again in "
        f"{seconds} s."
    )
    answer = error_answer(scope, error)
    headers = (*answer.headers, (b"retry-after", b"%d" % seconds), *_told(window))
    await send_answer(send, dataclasses.replace(answer, headers=headers))


def _told(window: Window) -> tuple[Header, ...]:
    return (
        (b"x-ratelimit-limit", b"%d" % window.most),
        (b"x-ratelimit-remaining", b"%d" % window.remaining),
        (b"x-ratelimit-reset", b"%d" % math.ceil(window.ends)),
    )
