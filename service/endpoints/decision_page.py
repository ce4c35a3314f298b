"""``GET /v1/explanations/{id}.html``: one decision as a page."""

from http import HTTPStatus
from typing import Final, final

from starlette.types import Receive, Scope

from reasoned.pages.decision_page import decision_page
from reasoned.pages.frame import POLICY
from service.answers import PRIVATE, Answer
from service.arrival import arrival_of
from service.desk import Desk
from service.endpoints.endpoint import Endpoint
from service.shelf import Shelf

HTML: Final = b"text/html; charset=utf-8"
# The meta element of the page says the same; framing can be forbidden here only.
PAGE_HEADERS: Final = (
    PRIVATE,
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", f"{POLICY}; frame-ancestors 'none'; sandbox".encode()),
)


@final
class DecisionPage(Endpoint):
    """One decision with its pictures, as far as training images are disclosed now."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        name, tenant = scope["path_params"]["id"], arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._page(name, tenant))
        return Answer(body, HTML, HTTPStatus.OK, PAGE_HEADERS)

    def _page(self, name: str, tenant: str) -> bytes:
        found = self._shelf.shown(self._shelf.find(name, tenant))
        return decision_page(found, self._desk.model).encode()
