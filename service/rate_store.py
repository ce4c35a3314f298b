"""Where requests are counted: in this process, or in a Redis."""

import dataclasses
import importlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, final
from urllib.parse import urlsplit

import limits.aio.storage
import limits.storage

from reasoned.errors import SettingsError

_PATIENCE: Final = 0.25  # seconds for Redis: nobody waits longer for being counted
_REDIS: Final = ("redis", "rediss")
_NAME: Final = "REASONED_RATE_LIMIT_STORE"


async def _nothing() -> None:
    """Close nothing."""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class RateStore:
    """What counts, and how it is let go.

    Attributes
    ----------
    storage
        One of those that `limits` has.
    close
        Ends its connections.

    """

    storage: limits.storage.Storage | limits.aio.storage.Storage
    close: Callable[[], Awaitable[None]] = _nothing

    @classmethod
    def open(cls, url: str) -> "RateStore":
        """Make ready to count; nothing is connected yet.

        Raises
        ------
        SettingsError
            When the URL is none that is known here, or its client is not installed. The
            message never repeats the URL, which may hold a password.

        """
        scheme = urlsplit(url).scheme
        if scheme == "memory":
            return cls(limits.storage.MemoryStorage())
        if scheme not in _REDIS:
            raise SettingsError(
                f"{_NAME} must be memory:// or redis://HOST:PORT/DB or rediss://..., not one of "
                f"scheme {scheme!r}"
            )
        return _redis(url)


def _redis(url: str) -> RateStore:
    pool = _pool(url)
    options: dict[str, Any] = {
        "implementation": "redispy",
        "key_prefix": "reasoned",
        "connection_pool": pool,
    }
    storage = limits.aio.storage.RedisStorage(f"async+{url}", wrap_exceptions=True, **options)
    return RateStore(storage, pool.disconnect)


def _pool(url: str) -> Any:  # noqa: ANN401  an optional package's class
    try:
        client = importlib.import_module("redis.asyncio")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{_NAME} needs the package redis, which is not installed here: "
            "pip install 'reasoned[redis]'"
        ) from error
    try:
        int(urlsplit(url).port or "none")  # limits would say so with the whole URL
        return client.ConnectionPool.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
    except ValueError as error:
        raise SettingsError(
            f"{_NAME} must be like redis://HOST:PORT/DB, and its port or its database is none"
        ) from error
