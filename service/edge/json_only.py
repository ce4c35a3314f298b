"""Take nothing but JSON on the framework's own route, whose other parsers are not ours."""

from collections.abc import Iterable
from typing import Final, final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.answers import Header, send_answer
from service.errors import MediaTypeError
from service.problems import error_answer

_PATHS: Final = frozenset({"/predict"})


@final
class JsonOnly:
    """Refuse forms, pickles and the like, which BentoML would read, or fail to, by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] not in _PATHS or _is_json(scope["headers"]):
            await self._app(scope, receive, send)
            return
        error = MediaTypeError("the body must be application/json; /v1/predict takes files too")
        await send_answer(send, error_answer(scope, error))


def _is_json(headers: Iterable[Header]) -> bool:
    """Tell whether every stated content type is JSON, which BentoML takes for granted."""
    kinds = (value for name, value in headers if name == b"content-type")
    return all(kind.partition(b";")[0].strip().lower() == b"application/json" for kind in kinds)
