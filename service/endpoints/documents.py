"""What stays the same as long as the model and its disclosure do: card, tree, pictures."""

import hashlib
from collections.abc import Callable
from typing import Final, final

from starlette.types import Receive, Scope

from service.answers import PNG, Answer, Header
from service.desk import Desk
from service.endpoints.endpoint import Endpoint
from service.errors import NotFoundError
from service.served_model import ServedModel

# Thumbnails may show what not everybody may see, and ids name other images in another model.
_CACHE: Final = (b"cache-control", b"private, no-cache")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
# An SVG opened by itself is a page: it may draw, and nothing else.
_NO_SCRIPT: Final = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'")


@final
class Document(Endpoint):
    """Bytes that are known at start.

    Parameters
    ----------
    body
        The bytes.
    content_type
        What they are.

    """

    def __init__(self, body: bytes, content_type: bytes) -> None:
        self._answer = _cacheable(body, content_type)

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        return _unless_known(scope, self._answer)


@final
class ModelDocument(Endpoint):
    """Bytes that are known of the model that answers now.

    Parameters
    ----------
    desk
        Whose model is asked.
    read
        Gives the bytes, or None where a model has no such thing.
    content_type
        What they are.
    name
        What the error calls them.

    """

    def __init__(
        self,
        desk: Desk,
        read: Callable[[ServedModel], bytes | None],
        content_type: bytes,
        name: str,
    ) -> None:
        self._desk, self._read, self._type, self._name = desk, read, content_type, name
        self._last = self._made(desk.model)

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        model = self._desk.model
        if self._last[0] is not model:
            self._last = self._made(model)
        found = self._last[1]
        if found is None:
            raise NotFoundError(f"This model has no {self._name}.")
        return _unless_known(scope, found)

    def _made(self, model: ServedModel) -> tuple[ServedModel, Answer | None]:
        body = self._read(model)
        return model, None if body is None else _cacheable(body, self._type)


@final
class Thumbnail(Endpoint):
    """The picture of one representative example, or prototype; drawn off the event loop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        example_id = scope["path_params"]["id"]
        draw = self._desk.model.example_png
        body = await self._desk.drawing.run(lambda: draw(example_id))
        if body is None:
            raise NotFoundError(f"This model has no example {example_id[:80]!r}.")
        return _unless_known(scope, _cacheable(body, PNG))


@final
class RegionPicture(Endpoint):
    """The picture of what one region means; drawn off the event loop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        method, region = (str(scope["path_params"][key]) for key in ("method", "region"))
        draw = self._desk.model.region_png
        body = await self._desk.drawing.run(lambda: draw(method, region))
        if body is None:
            raise NotFoundError(
                f"This model has no picture of region {region[:80]!r} of method {method[:80]!r}."
            )
        return _unless_known(scope, _cacheable(body, PNG))


def _cacheable(body: bytes, content_type: bytes) -> Answer:
    tag = b'"%b"' % hashlib.sha256(body).hexdigest()[:32].encode()
    return Answer(body, content_type, 200, ((b"etag", tag), _CACHE, _NOSNIFF, _NO_SCRIPT))


def _unless_known(scope: Scope, answer: Answer) -> Answer:
    tag: Header = answer.headers[0]
    for name, value in scope["headers"]:
        if name == b"if-none-match" and tag[1] in value:
            return Answer(b"", answer.content_type, 304, answer.headers)
    return answer
