"""``/v1/alarms`` and what lies below it: what detectors raised, and who has seen it."""

from http import HTTPStatus
from typing import Final, final

from starlette.types import Receive, Scope

from reasoned.drift.acknowledged import Seen, read_seen
from reasoned.drift.alarm_search import AlarmQuery, alarm_query_of, find_alarms
from reasoned.drift.alarms import Alarm, NoAlarmError, acknowledge, read_one
from reasoned.drift.records import AlarmPage, GivenAcknowledgement, alarm_record
from reasoned.pages.alarm_page import alarm_page
from service.answers import JSON, PRIVATE, Answer
from service.arrival import arrival_of
from service.body import read_json
from service.caller import caller_of
from service.endpoints.decision_page import HTML, PAGE_HEADERS
from service.endpoints.endpoint import Endpoint
from service.errors import NotFoundError
from service.given import given_of
from service.query_string import words
from service.shelf import Shelf

_DIGITS: Final = 18  # more than any ledger counts to, and less than a database cannot hold


@final
class Alarms(Endpoint):
    """Alarms of every model of the ledger, a page at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        query, tenant = alarm_query_of(words(scope["query_string"])), arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._page(query, tenant))
        return Answer(body, JSON, HTTPStatus.OK, (PRIVATE,))

    def _page(self, query: AlarmQuery, tenant: str) -> bytes:
        ledger = self._shelf.opened()
        found = find_alarms(ledger, query, tenant)
        seen = read_seen(ledger, found.alarms)
        items = [alarm_record(one, seen.get(one.number)) for one in found.alarms]
        return AlarmPage(items=items, cursor=found.cursor).model_dump_json().encode()


@final
class OneAlarm(Endpoint):
    """One alarm, with decisions of the caller's tenant that show it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        number, tenant = number_of(scope), arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: _told(self._shelf, number, tenant))
        return Answer(body, JSON, HTTPStatus.OK, (PRIVATE,))


@final
class OneAlarmPage(Endpoint):
    """The same as a page for people."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        number, tenant = number_of(scope), arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._page(number, tenant))
        return Answer(body, HTML, HTTPStatus.OK, PAGE_HEADERS)

    def _page(self, number: int, tenant: str) -> bytes:
        return alarm_page(*_found(self._shelf, number, tenant)).encode()


@final
class Acknowledge(Endpoint):
    """Somebody has seen an alarm; of several the first stays."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""
        self._shelf.opened()
        number, by = number_of(scope), caller_of(scope).signature
        # A note is welcome, and no body is needed; but a page of another site could send none.
        typed = any(name in (b"content-type", b"origin") for name, _ in scope["headers"])
        body = await read_json(scope, receive) if typed else b""
        given = given_of(GivenAcknowledgement, body or b"{}")
        tenant = arrival_of(scope).tenant
        told = await self._shelf.reading.run(lambda: self._see(number, tenant, by, given))
        return Answer(told, JSON, HTTPStatus.OK, (PRIVATE,))

    def _see(self, number: int, tenant: str, by: str, given: GivenAcknowledgement) -> bytes:
        _found(self._shelf, number, tenant)
        acknowledge(self._shelf.opened(), number, by, given.note or "")
        return _told(self._shelf, number, tenant)


def number_of(scope: Scope) -> int:
    """Read the number in a request's path.

    Raises
    ------
    NotFoundError
        When it is none.

    """
    text = str(scope["path_params"]["number"])
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise NotFoundError(_nothing(text))
    return int(text)


def _found(shelf: Shelf, number: int, tenant: str) -> tuple[Alarm, Seen | None]:
    ledger = shelf.opened()
    try:
        alarm = read_one(ledger, number, tenant)
    except NoAlarmError as error:
        raise NotFoundError(_nothing(str(number))) from error
    return alarm, read_seen(ledger, [alarm]).get(number)


def _told(shelf: Shelf, number: int, tenant: str) -> bytes:
    return alarm_record(*_found(shelf, number, tenant)).model_dump_json().encode()


def _nothing(number: str) -> str:
    return f"There is no alarm {number[:80]!r}; GET /v1/alarms lists them."
