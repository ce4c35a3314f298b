"""``POST /v1/explanations/{id}/feedback``."""

import time
from http import HTTPStatus
from typing import final

import orjson
from pydantic import ValidationError
from starlette.types import Receive, Scope

from reasoned.errors import FeedbackError, OptionsError
from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.reading import Stored
from reasoned.ledger.records import feedback_record
from service.answers import JSON, Answer
from service.arrival import arrival_of
from service.body import read_json
from service.endpoints.endpoint import Endpoint
from service.errors import ConflictError, NotFoundError, UnreadableBodyError
from service.shelf import Shelf

_SHOWN = 20  # classes that an error names


@final
class GiveFeedback(Endpoint):
    """What somebody says of a decision afterwards."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""
        self._shelf.opened()
        given = feedback_of(await read_json(scope, receive))
        name, tenant = scope["path_params"]["id"], arrival_of(scope).tenant
        body = await self._shelf.reading.run(lambda: self._give(name, tenant, given))
        return Answer(body, JSON, HTTPStatus.CREATED)

    def _give(self, name: str, tenant: str, given: GivenFeedback) -> bytes:
        found = self._shelf.find(name, tenant)
        self._check(found, given)
        try:
            written = give(self._shelf.opened(), found.decision.id, tenant, given, time.time())
        except FeedbackError as error:
            raise ConflictError(str(error)) from error
        if written is None:
            raise NotFoundError(f"Explanation {name[:80]!r} has just been deleted.")
        return feedback_record(written).model_dump_json().encode()

    def _check(self, found: Stored, given: GivenFeedback) -> None:
        """Check the label against the classes, where these are known: of the model served."""
        classes = self._shelf.classes
        if given.label is None or found.decision.model != self._shelf.model:
            return
        if given.label not in classes:
            more = "" if len(classes) <= _SHOWN else f" and {len(classes) - _SHOWN} more"
            raise OptionsError(
                f"label: wanted one of {', '.join(classes[:_SHOWN])}{more}, not "
                f"{given.label[:80]!r}"
            )


def feedback_of(body: bytes) -> GivenFeedback:
    """Read the body of a request.

    Raises
    ------
    UnreadableBodyError
        When it is not JSON.
    OptionsError
        When it is other JSON than is wanted; the message names the field.

    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableBodyError(f"the body is not JSON: {error}") from error
    try:
        return GivenFeedback.model_validate(found)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in wrong["loc"]) or "the body"
        raise OptionsError(f"{field[:80]}: {wrong['msg'].removeprefix('Value error, ')}") from error
