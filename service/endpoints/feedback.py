"""``POST /v1/explanations/{id}/feedback``."""

import time
from http import HTTPStatus
from typing import final

from starlette.types import Receive, Scope

from reasoned.errors import FeedbackError, OptionsError
from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.reading import Stored
from reasoned.ledger.records import feedback_record
from service.answers import JSON, Answer
from service.arrival import arrival_of
from service.body import read_json
from service.endpoints.endpoint import Endpoint
from service.errors import ConflictError, NotFoundError
from service.given import given_of
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
        given = given_of(GivenFeedback, await read_json(scope, receive))
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
