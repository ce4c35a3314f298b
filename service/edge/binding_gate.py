"""Refuse to serve beyond loopback without API keys, however the server was started."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from typing import Final, final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.answers import send_answer
from service.binding import REMEDY, exposure, is_loopback, listening_hosts
from service.errors import ExposedError, RequestError, StrangeHostError
from service.problems import error_answer

_LOGGER: Final = logging.getLogger("reasoned.service")
_LOOK_EVERY: Final = 0.02
_LOOKS: Final = 500
Listeners = Callable[[], tuple[str, ...] | None]


@final
class BindingGate:
    """Look where the process listens: at start, when it begins to, and at each request.

    A server may bind its socket before the application starts (BentoML does) or after
    (uvicorn alone does), hence the several looks. Loopback can be reached by a page in a
    browser on the same machine whose name was made to lead there: names of other machines
    are refused, too.
    """

    def __init__(self, app: ASGIApp, listeners: Listeners = listening_hosts) -> None:
        self._app = app
        self._listeners = listeners
        self._verified = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        error = self._error(scope)
        if error is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await send_answer(send, error_answer(scope, error))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _error(self, scope: Scope) -> RequestError | None:
        reason = self._refusal(scope)
        if reason is not None:
            return ExposedError(reason)
        name = _host(scope)
        if name is None or is_loopback(name):
            return None
        return StrangeHostError(
            f"This service has no API keys and answers to this machine's own names, such as "
            f"localhost, not to {name[:80]!r}: {REMEDY}."
        )

    def _refusal(self, scope: Scope) -> str | None:
        server = scope.get("server")
        if not server or (server[1] is not None and not is_loopback(server[0])):
            return exposure(None if not server else (server[0],))
        if not self._verified:
            reason = exposure(self._listeners())
            self._verified = reason is None
            return reason
        return None

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = self._listeners()
        reason = exposure(hosts)
        if reason is not None:
            _LOGGER.critical(reason)
            await receive()
            await send({"type": "lifespan.startup.failed", "message": reason})
            return
        async with contextlib.AsyncExitStack() as stack:
            watch = asyncio.create_task(self._watch()) if not hosts else None
            if watch is not None:
                stack.callback(watch.cancel)
            await self._app(scope, receive, send)

    async def _watch(self) -> None:
        """Stop the process if it begins to listen where it must not."""
        for _ in range(_LOOKS):
            await asyncio.sleep(_LOOK_EVERY)
            hosts = self._listeners()
            if not hosts:
                continue
            reason = exposure(hosts)
            if reason is not None:
                _LOGGER.critical(reason)
                signal.raise_signal(signal.SIGTERM)
            return


def _host(scope: Scope) -> str | None:
    """Read the name by which a client calls this server, without the port."""
    for name, value in scope["headers"]:
        if name == b"host":
            text: str = value.decode("latin-1")
            closed = text.partition("]")
            return closed[0][1:] if text.startswith("[") else text.partition(":")[0]
    return None
