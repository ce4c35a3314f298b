"""``/v1/opt-out``: which training images are withheld, and withholding one more."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, TypeVar, final

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.opt_outs import OptOut, read_opt_outs, restore, withhold
from service.answers import JSON, PRIVATE, Answer
from service.body import read_json
from service.caller import caller_of
from service.endpoints.endpoint import Endpoint
from service.errors import ConflictError, NotFoundError
from service.given import given_of
from service.opt_out import OptOutList
from service.opt_out_records import GivenOptOut, OptOutRecord, OptOutRecords

Result = TypeVar("Result")
_NO_LEDGER: Final = (
    "This service keeps no ledger (REASONED_LEDGER=off), so that the list cannot be changed "
    "here; put the id on a line of its own into the file that REASONED_OPT_OUT_FILE names."
)


@final
class OptOuts(Endpoint):
    """All training images that are withheld."""

    def __init__(self, listed: OptOutList) -> None:
        self._listed = listed

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        found = await self._listed.pool.run(lambda: states_of(self._listed))
        body = OptOutRecords(items=[found[one] for one in sorted(found)]).model_dump_json()
        return Answer(body.encode(), JSON, HTTPStatus.OK, (PRIVATE,))


@final
class OneOptOut(Endpoint):
    """Whether one training image is withheld; PUT withholds it, DELETE shows it again.

    The answer comes once this process keeps to it; the others follow within a second.
    """

    def __init__(self, listed: OptOutList) -> None:
        self._listed = listed

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""
        example, method = str(scope["path_params"]["id"]), scope["method"]
        by = caller_of(scope).signature
        if method == "PUT":
            # A reason is welcome, and no body is needed.
            typed = any(name == b"content-type" for name, _ in scope["headers"])
            body = await read_json(scope, receive) if typed else b""
            given = given_of(GivenOptOut, body or b"{}")
            one = OptOut(example, time.time(), by, given.reason)
            created, found = await self._listed.pool.run(lambda: self._withhold(one))
            status = HTTPStatus.CREATED if created else HTTPStatus.OK
            return _answer(found, status)
        if method == "DELETE":
            return _answer(await self._listed.pool.run(lambda: self._restore(example, by)))
        return _answer(await self._listed.pool.run(lambda: self._state(example)))

    def _state(self, example: str) -> OptOutRecord:
        found = states_of(self._listed).get(example)
        if found is None:
            self._check_known(example)
            return OptOutRecord(example=example, withheld=False)
        return found

    def _withhold(self, one: OptOut) -> tuple[bool, OptOutRecord]:
        self._check_known(one.example)
        created = _asked(lambda: withhold(self._ledger(), one))
        self._listed.look()
        return created, self._state(one.example)

    def _restore(self, example: str, by: str) -> OptOutRecord:
        ledger, now = self._ledger(), time.time()
        restored = _asked(lambda: restore(ledger, example, by, now))
        self._listed.look()
        found = self._state(example)
        if found.withheld:
            raise ConflictError(
                f"Example {example[:80]!r} is withheld by the file that REASONED_OPT_OUT_FILE "
                "names; take it out there."
            )
        if not restored:
            raise NotFoundError(f"Example {example[:80]!r} is not withheld.")
        return found

    def _ledger(self) -> Ledger:
        if self._listed.ledger is None:
            raise ConflictError(_NO_LEDGER)
        return self._listed.ledger

    def _check_known(self, example: str) -> None:
        if not self._listed.holder.model.shows(example):
            raise NotFoundError(
                f"This model shows no example {example[:80]!r}: there is nothing to withhold."
            )


def states_of(listed: OptOutList) -> dict[str, OptOutRecord]:
    """Tell of every image on the list; where ledger and file both name one, the ledger's word.

    Raises
    ------
    LedgerError
        When the ledger cannot be read.

    """
    examples = frozenset[str]() if listed.file is None else listed.file.examples
    found = {
        one: OptOutRecord(example=one, withheld=True, source="file") for one in sorted(examples)
    }
    ledger = listed.ledger
    if ledger is None:
        return found
    return found | {one.example: _record(one) for one in _asked(lambda: read_opt_outs(ledger))}


def _asked(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except SQLAlchemyError as error:
        raise LedgerError(f"the images to be withheld: {error}") from error


def _record(one: OptOut) -> OptOutRecord:
    at = datetime.fromtimestamp(one.at, UTC)
    return OptOutRecord(
        example=one.example, withheld=True, source="ledger", at=at, by=one.by, reason=one.reason
    )


def _answer(record: OptOutRecord, status: int = HTTPStatus.OK) -> Answer:
    return Answer(record.model_dump_json().encode(), JSON, status, (PRIVATE,))
