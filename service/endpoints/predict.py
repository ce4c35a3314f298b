"""``POST /v1/predict`` and ``POST /v1/predict/batch``."""

from typing import final

from starlette.types import Receive, Scope

from service.answers import Answer
from service.arrival import arrival_of
from service.body import read_picture, read_pictures
from service.desk import Desk
from service.endpoints.endpoint import Endpoint
from service.options import options_of


@final
class Predict(Endpoint):
    """One image in, one explained prediction out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""
        options = options_of(scope["query_string"], self._desk.model.methods)
        picture = await read_picture(scope, receive)
        return Answer(await self._desk.reply(picture, options, arrival_of(scope)))


@final
class PredictBatch(Endpoint):
    """Up to 64 images in, one result for each out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""
        options = options_of(scope["query_string"], self._desk.model.methods)
        pictures = await read_pictures(scope, receive)
        return Answer(await self._desk.batch_reply(pictures, options, arrival_of(scope)))
