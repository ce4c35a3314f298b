"""``GET /v1/explanations`` and what lies below it: what was answered before."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, final

from starlette.types import Receive, Scope

from explainers.evidence import EXAMPLE
from reasoned.errors import OptionsError
from reasoned.ledger.decision import Kept
from reasoned.ledger.query import Query, query_of
from reasoned.ledger.records import RecordPage, decision_record, whole_record
from reasoned.ledger.search import search
from service.answers import JSON, PNG, PRIVATE, Answer
from service.arrival import arrival_of
from service.endpoints.endpoint import Endpoint
from service.errors import NotFoundError
from service.query_string import words
from service.shelf import Shelf

# Whose they are depends on the key, and feedback changes them.
_PRIVATE: Final = (
    PRIVATE,
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
)
_BYTES: Final = b"application/octet-stream"
_MAGIC: Final[Mapping[bytes, bytes]] = {
    b"\x89PNG": PNG,
    b"\xff\xd8\xff": b"image/jpeg",
    b"RIFF": b"image/webp",
}


@final
class Explanations(Endpoint):
    """Decisions by what is known of them, a page at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        given = words(scope["query_string"])
        return await _page(self._shelf, query_of(given, arrival_of(scope).tenant))


@final
class ExampleDecisions(Endpoint):
    """Every decision that showed one training image."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        given = words(scope["query_string"])
        if "cited" in given:
            raise OptionsError("cited: the path says it; ask /v1/explanations for others")
        given["cited"] = f"{EXAMPLE}={scope['path_params']['id']}"
        return await _page(self._shelf, query_of(given, arrival_of(scope).tenant))


@final
class Explanation(Endpoint):
    """One decision, whole."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        name, tenant = scope["path_params"]["id"], arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._record(name, tenant))
        return Answer(body, JSON, HTTPStatus.OK, _PRIVATE)

    def _record(self, name: str, tenant: str) -> bytes:
        return whole_record(self._shelf.shown(self._shelf.find(name, tenant)))


@final
class KeptImage(Endpoint):
    """What is kept of the image that a decision was about."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        name, tenant = scope["path_params"]["id"], arrival_of(scope).tenant
        found = await self._shelf.reading.run(lambda: self._shelf.find(name, tenant))
        kept = found.decision.kept
        if kept is None or kept.kind == "activations":
            raise NotFoundError(
                f"No image of explanation {name[:80]!r} is kept; REASONED_LEDGER_KEEP says what is."
            )
        return Answer(kept.data, _type_of(kept), HTTPStatus.OK, _PRIVATE)


async def _page(shelf: Shelf, query: Query) -> Answer:
    body = await shelf.reading.run(lambda: _found(shelf, query))
    return Answer(body, JSON, HTTPStatus.OK, _PRIVATE)


def _found(shelf: Shelf, query: Query) -> bytes:
    ledger, now = shelf.opened(), shelf.hindsight()
    if query.cited is not None and not now.shows(*query.cited):
        return RecordPage(items=[], cursor=None).model_dump_json().encode()
    page = search(ledger, query)
    items = [decision_record(shelf.shown(row, now)) for row in page.rows]
    return RecordPage(items=items, cursor=page.cursor).model_dump_json().encode()


def _type_of(kept: Kept) -> bytes:
    for magic, content_type in _MAGIC.items():
        if kept.data.startswith(magic):
            return content_type
    return _BYTES
