"""What every endpoint does alike: answer, or say what went wrong."""

import logging
from abc import ABC, abstractmethod
from typing import Final, final

from starlette.types import Receive, Scope, Send

from service.answers import Answer, send_answer
from service.problems import error_answer, is_fault

_LOGGER: Final = logging.getLogger("reasoned.service")


class Endpoint(ABC):
    """An ASGI application behind one route.

    Every error is answered here: BentoML's timeout layer, further out, waits its whole
    time for an answer that an escaped exception never gives.
    """

    @abstractmethod
    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one request, or raise."""

    @final
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            found = await self.answer(scope, receive)
        except Exception as error:
            if is_fault(error):
                _LOGGER.exception("request failed")
            found = error_answer(scope, error)
        await send_answer(send, found)
