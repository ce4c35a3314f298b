"""One request to an ASGI application, whose body is fed by hand."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message


class Call:
    """A request under way: `feed` gives the next piece of its body."""

    def __init__(
        self,
        app: ASGIApp,
        path: str = "/v1/predict",
        method: str = "POST",
        headers: dict[str, str] | None = None,
        client: str = "127.0.0.1",
    ) -> None:
        self._waiting: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.asked = 0
        self._asking = asyncio.Event()
        pairs = [(k.encode(), v.encode()) for k, v in (headers or {}).items()]
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": pairs,
            "server": ("127.0.0.1", 80),
            "client": (client, 9),
            "scheme": "http",
        }
        self.task = asyncio.create_task(self._run(app, scope))

    def feed(self, body: bytes, *, more: bool) -> None:
        self._waiting.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        self._waiting.put_nowait({"type": "http.disconnect"})

    async def until_asked(self, times: int) -> None:
        """Let the application run until it has asked for the body so often."""
        while self.asked < times:
            self._asking.clear()
            await self._asking.wait()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode(): v.decode() for k, v in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(m["body"] for m in self.sent[1:])

    async def _run(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        async def receive() -> Message:
            self.asked += 1
            self._asking.set()
            return await self._waiting.get()

        async def send(message: Message) -> None:
            self.sent.append(message)

        await app(scope, receive, send)
