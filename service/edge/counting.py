"""Tell whoever counts of each request, however it ends."""

import time
from http import HTTPStatus
from typing import Final, Protocol, final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.arrival import Arrival, arrival_of
from service.edge.templates import Templates
from service.finished import Finished
from service.metrics.part import Part
from service.trace_parent import parent_of

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
LEFT: Final = 499  # as others call it: nothing was answered, since the client was gone


class Audience(Protocol):
    """Is told of requests."""

    def begin(self, arrival: Arrival) -> None:
        """Hear of a request that has come."""
        ...

    def parts(self, arrival: Arrival) -> tuple[Part, ...]:
        """Give the images of it that were answered."""
        ...

    def finish(self, finished: Finished) -> None:
        """Hear of a request that is over."""
        ...


@final
class Counting:
    """Stands outside of whatever may refuse a request, and inside of what names it."""

    def __init__(self, app: ASGIApp, templates: Templates, audience: Audience) -> None:
        self._app = app
        self._templates = templates
        self._audience = audience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._audience.begin(arrival_of(scope))
        try:
            await self._app(scope, receive, counted)
        except Exception:
            status = status or HTTPStatus.INTERNAL_SERVER_ERROR.value
            raise
        finally:
            self._finish(scope, status or LEFT)

    def _finish(self, scope: Scope, status: int) -> None:
        arrival = arrival_of(scope)
        method = scope["method"]
        finished = Finished(
            arrival,
            self._templates.match(scope["path"]),
            method if method in METHODS else OTHER,
            status,
            time.perf_counter() - arrival.started,
            self._audience.parts(arrival),
            parent_of(scope),
        )
        self._audience.finish(finished)
