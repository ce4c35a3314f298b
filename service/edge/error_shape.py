"""Give every answer of 400 and above one shape, whoever made it."""

import logging
from http import HTTPStatus
from typing import Final, final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answers import PROBLEM, Header, send_answer
from service.edge.foreign import foreign_answer
from service.problems import error_answer

_LOGGER: Final = logging.getLogger("reasoned.service")
_MOST_KEPT: Final = 65_536
_REPLACED: Final = frozenset({b"content-type", b"content-length"})


@final
class ErrorShape:
    """Turn foreign error answers, and errors that nobody caught, into problem details."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        shaped = _ShapedSend(scope, send)
        try:
            await self._app(scope, receive, shaped)
        except Exception as error:
            _LOGGER.exception("request failed")
            if not shaped.begun:
                await send_answer(send, error_answer(scope, error))
            elif not shaped.finished:
                raise  # half an answer is out: the server must cut the connection


@final
class _ShapedSend:
    """A `send` that lets good answers through and rewrites the others."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._status = 0
        self._headers: list[Header] = []
        self._body = b""
        self.begun = False
        self.finished = False

    async def __call__(self, message: Message) -> None:
        starts = message["type"] == "http.response.start"
        self.begun = True
        self.finished = not starts and not message.get("more_body", False)
        if self._status:
            await self._collect(message)
        elif starts and _is_foreign(message):
            self._status = message["status"]
            self._headers = [h for h in message["headers"] if h[0].lower() not in _REPLACED]
        else:
            await self._send(message)

    async def _collect(self, message: Message) -> None:
        if len(self._body) < _MOST_KEPT:
            self._body += message.get("body", b"")
        if self.finished:
            answer = foreign_answer(self._scope, self._status, self._body, self._headers)
            await send_answer(self._send, answer)


def _is_foreign(message: Message) -> bool:
    if message["status"] < HTTPStatus.BAD_REQUEST:
        return False
    return (b"content-type", PROBLEM) not in message.get("headers", ())
