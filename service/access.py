"""Keys and tokens together: who may come in."""

import asyncio
import contextlib
import dataclasses
import importlib
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Final, Protocol, final

from reasoned.errors import SettingsError
from service.answers import Header
from service.caller import Caller
from service.errors import UnauthorizedError
from service.key_ring import KeyRing
from service.settings import Settings

_LOGGER: Final = logging.getLogger("reasoned.service")
LOOK_EVERY: Final = 1.0  # seconds after which a changed file of keys counts
WANTED: Final = "send `Authorization: Bearer KEY` or `X-API-Key: KEY`"
_DOTS: Final = 2


class TokenReader(Protocol):
    """Finds out whom a token lets in."""

    async def caller(self, token: str) -> Caller:
        """Say who asks; raise `UnauthorizedError` where the token is not valid."""
        ...

    async def refresh(self) -> None:
        """Fetch the issuer's keys if it is time to."""
        ...


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Credential:
    """What came with a request.

    Attributes
    ----------
    value
        What was sent, without the name of its scheme.
    bearer
        Whether it may be a token.
    basic
        Whether it is still packed as HTTP Basic has it; `service.basic` unpacks it.

    """

    value: bytes
    bearer: bool
    basic: bool = False


def credential_of(headers: Iterable[Header]) -> Credential | None:
    """Take the first key or token that came; what came as HTTP Basic, only where neither did.

    Where nothing is behind a header's name, nothing came.
    """
    # Last, since a proxy that asks for a password of its own may hand it on beside the key.
    basic: Credential | None = None
    for name, value in headers:
        if name == b"x-api-key" and value:
            return Credential(value, bearer=False)
        if name != b"authorization":
            continue
        scheme, _, rest = value.partition(b" ")
        if scheme.lower() == b"bearer" and rest.strip():
            return Credential(rest.strip(), bearer=True)
        if scheme.lower() == b"basic" and basic is None:
            basic = Credential(rest.strip(), bearer=True, basic=True)
    return basic


@final
class Access:
    """Find out who asks.

    Parameters
    ----------
    ring
        The keys that open.
    tokens
        What reads tokens, or None where only keys are taken.
    every
        Seconds from one look at what may have changed to the next.

    """

    def __init__(
        self, ring: KeyRing, tokens: TokenReader | None = None, *, every: float = LOOK_EVERY
    ) -> None:
        self._ring = ring
        self._tokens = tokens
        self._every = every

    @classmethod
    def open(cls, settings: Settings) -> "Access | None":
        """Read the keys, and make ready for tokens; None where there are to be neither.

        Raises
        ------
        SettingsError
            When keys cannot be read, or the settings of tokens are wrong.

        """
        ring, tokens = KeyRing(settings), None
        if settings.jwks_url or settings.jwt_audience or settings.jwt_issuer:
            tokens = _open_tokens(settings)
        return cls(ring, tokens) if len(ring) or tokens is not None else None

    async def caller(self, credential: Credential) -> Caller:
        """Say who asks.

        Raises
        ------
        UnauthorizedError
            When the key is not known, or the token is not valid.

        """
        value = credential.value
        if self._tokens is not None and credential.bearer and value.count(b".") == _DOTS:
            return await self._tokens.caller(value.decode("latin-1"))
        found = self._ring.find(value)
        if found is None:
            raise UnauthorizedError(f"This API key is not known here: {WANTED}.")
        return found

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look for changed keys as long as the service runs, off the event loop."""
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        while True:
            try:
                if self._tokens is not None:
                    await self._tokens.refresh()
                await asyncio.to_thread(self._ring.look)
            except Exception:
                _LOGGER.exception("the keys could not be looked at; the next look is due")
            await asyncio.sleep(self._every)


def _open_tokens(settings: Settings) -> TokenReader:
    try:
        module = importlib.import_module("service.tokens")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("service"):
            raise
        raise SettingsError(
            f"REASONED_JWKS_URL needs {error.name}, which is not installed here: "
            "pip install 'reasoned[jwt]'"
        ) from error
    tokens: TokenReader = module.Tokens.open(settings)
    return tokens
