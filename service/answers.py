"""One finished HTTP answer, and how it is sent."""

import dataclasses
from http import HTTPStatus
from typing import final

from starlette.types import Send

JSON = b"application/json"
PROBLEM = b"application/problem+json"
PNG = b"image/png"
SVG = b"image/svg+xml"

Header = tuple[bytes, bytes]
# What depends on who asks, and may change: nobody is to keep it.
PRIVATE: Header = (b"cache-control", b"private, no-store")


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its headers."""

    body: bytes
    content_type: bytes = JSON
    status: int = 200
    headers: tuple[Header, ...] = ()


async def send_answer(send: Send, answer: Answer) -> None:
    """Send a whole answer in two messages."""
    headers = [*answer.headers]
    if answer.status != HTTPStatus.NOT_MODIFIED:  # whose headers would speak of the kept body
        headers.append((b"content-type", answer.content_type))
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
