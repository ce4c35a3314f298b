"""A request's body to pictures, by its content type."""

from collections.abc import AsyncIterator, Iterable
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.types import Receive, Scope

from service.answers import Header
from service.errors import MediaTypeError, UnreadableBodyError
from service.json_body import MOST_IMAGES, picture_of_json, pictures_of_json
from service.multipart_body import ImageParts
from service.pictures import Picture

_WANTED: Final = "multipart/form-data with a file field named image, or application/json"


async def read_picture(scope: Scope, receive: Receive) -> Picture:
    """Read the body of a request for one image.

    Raises
    ------
    MediaTypeError
        When the content type is neither multipart nor JSON.
    UnreadableBodyError
        When the body is not what its content type says.
    OptionsError
        When it does not hold exactly one image.

    """
    boundary = _multipart_boundary(scope["headers"])
    if boundary is None:
        return picture_of_json(await _whole(receive))
    return (await _parts(receive, boundary, 1))[0]


async def read_pictures(scope: Scope, receive: Receive) -> list[Picture]:
    """Read the body of a request for many images; raise as `read_picture` does."""
    boundary = _multipart_boundary(scope["headers"])
    if boundary is None:
        return pictures_of_json(await _whole(receive))
    return await _parts(receive, boundary, MOST_IMAGES)


async def read_json(scope: Scope, receive: Receive) -> bytes:
    """Read a body that must be JSON; it is not parsed.

    Raises
    ------
    MediaTypeError
        When the content type is another.
    UnreadableBodyError
        When the client goes away.

    """
    if _multipart_boundary(scope["headers"]) is not None:
        raise MediaTypeError("the body must be application/json, not multipart/form-data")
    return await _whole(receive)


def _multipart_boundary(headers: Iterable[Header]) -> bytes | None:
    """Return the boundary of a multipart body (maybe empty), or None for a JSON body."""
    kind, encoding = b"", b"identity"
    for name, value in headers:
        if name == b"content-type":
            kind = value
        elif name == b"content-encoding":
            encoding = value
    if encoding.strip().lower() != b"identity":
        raise MediaTypeError("the body must come without a content encoding")
    if kind == b"application/json":
        return None
    media_type, parameters = parse_options_header(kind)
    if media_type == b"multipart/form-data":
        return parameters.get(b"boundary", b"")
    if media_type == b"application/json":
        return None
    shown = media_type[:80].decode("latin-1") or "no content type"
    raise MediaTypeError(f"the body must be {_WANTED}, not {shown}")


async def _parts(receive: Receive, boundary: bytes, most: int) -> list[Picture]:
    parts = ImageParts(boundary, most)
    async for chunk in _chunks(receive):
        parts.feed(chunk)
    return parts.pictures()


async def _whole(receive: Receive) -> bytes:
    return b"".join([chunk async for chunk in _chunks(receive)])


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise UnreadableBodyError("the client went away before its body was through")
        more = message.get("more_body", False)
        yield message.get("body", b"")
