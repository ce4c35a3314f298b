"""The keys that sign tokens, fetched from where their issuer publishes them (a JWKS)."""

import asyncio
import http.client
import json
import logging
import math
import time
import urllib.request
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import IO, Final, final
from urllib.parse import urlsplit

from jwt import PyJWK, PyJWKSet, PyJWTError

from reasoned.errors import SettingsError
from service.binding import is_loopback

_LOGGER: Final = logging.getLogger("reasoned.service")
_PATIENCE: Final = 5.0
_MOST_BYTES: Final = 1_000_000
AGAIN_AFTER: Final = 10.0  # seconds, where a key is unknown or the last try failed
FRESH_FOR: Final = 300.0
_NONE: Final[Mapping[str, PyJWK]] = MappingProxyType({})


@final
class TokenKeys:
    """Look a key up by its id; the old ones stay where the issuer does not answer.

    Parameters
    ----------
    url
        Where they are published.
    clock
        Seconds that only go up.

    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._keys = _NONE
        self._tried = -math.inf
        self._fresh_for = AGAIN_AFTER
        self._complaint = ""
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> PyJWK | None:
        """Give the key of that id, and ask the issuer once more where it is unknown."""
        if key_id not in self._keys:
            await self._fetch_if_older(AGAIN_AFTER, key_id)
        return self._keys.get(key_id)

    def held(self, key_id: str) -> PyJWK | None:
        """Give the key of that id as it was last fetched."""
        return self._keys.get(key_id)

    async def refresh(self) -> None:
        """Fetch the keys if it is time to: a withdrawn key must vanish."""
        await self._fetch_if_older(self._fresh_for)

    async def _fetch_if_older(self, seconds: float, key_id: str | None = None) -> None:
        async with self._fetching:  # who waited here finds what the other fetched
            if key_id in self._keys or self._clock() - self._tried < seconds:
                return
            self._tried = self._clock()
            try:
                self._keys = await asyncio.to_thread(fetch_keys, self._url)
            except (OSError, http.client.HTTPException, ValueError, PyJWTError) as error:
                self._fresh_for = AGAIN_AFTER
                self._complain(f"{type(error).__name__}: {error}")
            else:
                self._fresh_for, self._complaint = FRESH_FOR, ""

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _LOGGER.error(
                "REASONED_JWKS_URL cannot be read, the %d keys of before stay: %s",
                len(self._keys),
                complaint,
            )
        self._complaint = complaint


def check_url(url: str) -> None:
    """Refuse a place from which somebody on the way could hand out keys.

    Raises
    ------
    SettingsError
        Unless it is https, a file, or http on loopback; or when it holds a password.

    """
    parts = urlsplit(url)
    if "@" in parts.netloc:  # urllib would take it for a part of the host, and so would the log
        raise SettingsError(
            "REASONED_JWKS_URL must have no user and no password: public keys need none"
        )
    host = parts.hostname or ""
    loopback = parts.scheme == "http" and is_loopback(host)
    local = parts.scheme == "file" and host in ("", "localhost") and len(parts.path) > 1
    if not (loopback or local or (parts.scheme == "https" and host)):
        raise SettingsError(
            "REASONED_JWKS_URL must be https://..., or file:///..., or http:// on loopback, "
            f"not {url!r}"
        )


def fetch_keys(url: str) -> Mapping[str, PyJWK]:
    """Fetch the public keys that sign, by id; blocks.

    Raises
    ------
    OSError, HTTPException, ValueError, PyJWTError
        When they cannot be fetched, or are no key set.

    """
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(url, timeout=_PATIENCE) as answer:
        body = answer.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ValueError(f"the key set must hold {_MOST_BYTES} bytes at the most")
    said = json.loads(body)
    if not isinstance(said, dict):
        raise ValueError("a key set must be a JSON object")  # noqa: TRY004  as for any bad JSON
    return MappingProxyType(
        {
            key.key_id: key
            for key in PyJWKSet.from_dict(said).keys
            # A symmetric key in a public place would let anybody sign.
            if key.key_id and key.key_type != "oct" and key.public_key_use in (None, "sig")
        }
    )


@final
class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: it could lead to a place that `check_url` refuses."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow none: the answer is an error."""
