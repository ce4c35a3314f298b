"""``/v1/drift`` and ``/v1/drift.html``: where the detectors of the model stand."""

from http import HTTPStatus
from typing import Final, final

from starlette.types import Receive, Scope

from reasoned.drift.overview import Overview, read_overview
from reasoned.drift.records import drift_record
from reasoned.pages.drift_page import drift_page
from service.answers import JSON, PRIVATE, Answer
from service.arrival import arrival_of
from service.desk import Desk
from service.endpoints.decision_page import HTML, PAGE_HEADERS
from service.endpoints.endpoint import Endpoint
from service.errors import ConflictError
from service.shelf import Shelf

_NO_REFERENCE: Final = (
    "This model was fitted before drift references were measured, so its detectors are off; "
    "`reasoned drift reference` measures one into a new model folder."
)


@final
class Drift(Endpoint):
    """The detectors, and the last requests beside fit time."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        tenant = arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._record(tenant))
        return Answer(body, JSON, HTTPStatus.OK, (PRIVATE,))

    def _record(self, tenant: str) -> bytes:
        found = overview(self._desk, self._shelf, tenant)
        return drift_record(found).model_dump_json().encode()


@final
class DriftPage(Endpoint):
    """The same as a page for people, with the newest alarms."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        tenant = arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._page(tenant))
        return Answer(body, HTML, HTTPStatus.OK, PAGE_HEADERS)

    def _page(self, tenant: str) -> bytes:
        return drift_page(overview(self._desk, self._shelf, tenant)).encode()


def overview(desk: Desk, shelf: Shelf, tenant: str) -> Overview:
    """Read where the detectors of the served model stand.

    Raises
    ------
    NotFoundError
        When the service keeps no ledger.
    ConflictError
        When the model has no reference.

    """
    ledger, model = shelf.opened(), desk.model
    if model.reference is None:
        raise ConflictError(_NO_REFERENCE)
    return read_overview(
        ledger, model.reference, model.name, tenant=tenant, run_length=shelf.run_length
    )
