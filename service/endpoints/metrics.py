"""``GET /metrics``."""

from typing import Final, final

from starlette.types import Receive, Scope

from service.answers import Answer
from service.endpoints.endpoint import Endpoint
from service.metrics.exposition import exposition
from service.metrics.meters import Meters
from service.work import WorkPool

_WAITING: Final = 8


@final
class Metrics(Endpoint):
    """Everything that is counted, in the format that the reader asks for.

    It is put together in a thread: the ledger may be slow to say how it is.
    """

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._pool = WorkPool(1, _WAITING)

    async def answer(self, scope: Scope, receive: Receive) -> Answer:  # noqa: ARG002  the contract
        """Answer one request, or raise."""
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        said = accept.decode("latin-1")
        body, content_type = await self._pool.run(lambda: exposition(self._meters, said))
        return Answer(body, content_type.encode(), 200, ((b"cache-control", b"no-store"),))
