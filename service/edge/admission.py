"""Take in so many requests at a time, and tell the others to come again."""

from typing import final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.answers import send_answer
from service.edge.open_paths import UNCOUNTED_PATHS
from service.errors import BusyError
from service.problems import error_answer


@final
class Admission:
    """Count the requests that are inside; health and metrics are never counted."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED_PATHS:
            await self._app(scope, receive, send)
        elif self._inside >= self._most:
            error = BusyError(f"{self._most} requests are under way, which is all at a time.")
            await send_answer(send, error_answer(scope, error))
        else:
            self._inside += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._inside -= 1
