"""Let in only those who hold a key or a token, and each only where its scopes reach."""

import logging
from typing import Final, final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.access import WANTED, Access, Credential, credential_of
from service.answers import Answer, send_answer
from service.basic import challenged, unpacked
from service.caller import NOBODY, Caller, admit
from service.edge.foreign import foreign_answer
from service.edge.scopes import TABLE
from service.errors import ForbiddenError, UnauthorizedError
from service.problems import error_answer

_LOGGER: Final = logging.getLogger("reasoned.service")
_NOT_FOUND: Final = 404
_MOST_LOGGED: Final = 200


@final
class KeyCheck:
    """Ask who it is, then what the route wants.

    Parameters
    ----------
    app
        What lies behind.
    access
        What knows keys and tokens; it is kept up to date as long as the service runs.
    open_paths
        Where no key is asked for.

    """

    def __init__(self, app: ASGIApp, access: Access, open_paths: frozenset[str]) -> None:
        self._app = app
        self._access = access
        self._open = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            async with self._access.watched():
                await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = await self._refusal(scope)
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send_answer(send, refusal)

    async def _refusal(self, scope: Scope) -> Answer | None:
        """Note who asks; say why he may not, or None where he may."""
        if scope["path"] in self._open:
            admit(scope, NOBODY)
            return None
        credential = credential_of(scope["headers"])
        if credential is None:
            error = UnauthorizedError(f"This service wants an API key: {WANTED}.")
            return challenged(scope, error_answer(scope, error))
        try:
            credential = unpacked(credential, scope["method"])
            caller = await self._access.caller(credential)
        except UnauthorizedError as error:
            _log_failure(scope, credential, error)
            return challenged(scope, error_answer(scope, error))
        admit(scope, caller)
        return _out_of_reach(scope, caller)


def _out_of_reach(scope: Scope, caller: Caller) -> Answer | None:
    wanted = TABLE.wanted(scope["method"], scope["path"])
    if wanted is None:  # whatever the router would make of it, no scope stands for it
        return foreign_answer(scope, _NOT_FOUND, b"", ())
    if not wanted or wanted & caller.scopes:
        return None
    has = ", ".join(sorted(caller.scopes)) or "none"
    error = ForbiddenError(f"This wants the scope {' or '.join(sorted(wanted))}; you have {has}.")
    return error_answer(scope, error)


def _log_failure(scope: Scope, credential: Credential, error: UnauthorizedError) -> None:
    """Log what was tried and from where, and nothing of the key."""
    client = scope.get("client") or ("an unknown address",)
    _LOGGER.warning(
        "login failed: %s %r from %s, %d characters: %s",
        scope["method"],
        scope["path"][:_MOST_LOGGED],
        client[0],
        len(credential.value),
        error,
    )
