"""Begin work in the background once the application is up, and end it before it goes."""

from collections.abc import Callable
from typing import final

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@final
class Background:
    """Run `start` after the application's own startup, and `stop` after its shutdown.

    Threads so begin in the process that serves, never in one that only loads the code; and
    what the last requests left behind is written before the process ends.
    """

    def __init__(self, app: ASGIApp, start: Callable[[], None], stop: Callable[[], None]) -> None:
        self._app = app
        self._start = start
        self._stop = stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                await run_in_threadpool(self._start)
            elif message["type"] in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
                await run_in_threadpool(self._stop)
            await send(message)

        await self._app(scope, receive, told)
