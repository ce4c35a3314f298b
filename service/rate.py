"""How often one caller may ask: counted in this process, or in a Redis that many share."""

import dataclasses
import ipaddress
import logging
import time
from collections.abc import Callable
from typing import Final, final

import limits
from limits.errors import StorageError
from limits.storage import Storage
from starlette.types import Scope

from reasoned.errors import SettingsError
from service.caller import caller_of
from service.rate_store import RateStore
from service.settings import Settings

_LOGGER: Final = logging.getLogger("reasoned.service")
PAUSE: Final = 5.0  # seconds in which a store that failed is not asked
_NETWORK: Final = 64  # bits of an IPv6 address that one customer has for himself


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """How one caller stands in the window under way.

    Attributes
    ----------
    most
        Requests that a window holds.
    asked
        How many came in it, this one and refused ones included.
    ends
        When it does, in seconds since 1970.

    """

    most: int
    asked: int
    ends: float

    @property
    def is_over(self) -> bool:
        """Whether this request is one too many."""
        return self.asked > self.most

    @property
    def remaining(self) -> int:
        """How many more may come."""
        return max(0, self.most - self.asked)


@final
class Rate:
    """Count requests in fixed windows, each of which begins with a caller's first request.

    Parameters
    ----------
    item
        How many in how long.
    store
        What counts.
    clock
        Seconds that only go up.

    """

    def __init__(
        self,
        item: limits.RateLimitItem,
        store: RateStore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._item = item
        self._store = store
        self._clock = clock
        self._asked_again = 0.0
        self._failing = False

    @classmethod
    def open(cls, settings: Settings) -> "Rate | None":
        """Make ready to count, or give None where nothing is limited.

        Raises
        ------
        SettingsError
            When a setting cannot be read, or its part is not installed.

        """
        if settings.rate_limit is None:
            return None
        return cls(_item(settings.rate_limit), RateStore.open(settings.rate_limit_store))

    async def count(self, subject: str) -> Window | None:
        """Count one request; None where the store fails, and all are let through."""
        if self._failing and self._clock() < self._asked_again:
            return None
        try:
            asked, ends = await self._counted(self._item.key_for(subject))
        except (StorageError, OSError) as error:
            self._fail(error)
            return None
        if self._failing:
            self._failing = False
            _LOGGER.info("REASONED_RATE_LIMIT_STORE answers again: rates are limited")
        return Window(self._item.amount, asked, ends)

    async def close(self) -> None:
        """Let go of the store."""
        await self._store.close()

    async def _counted(self, key: str) -> tuple[int, float]:
        storage, seconds = self._store.storage, self._item.get_expiry()
        if isinstance(storage, Storage):
            return storage.incr(key, seconds), storage.get_expiry(key)
        return await storage.incr(key, seconds), await storage.get_expiry(key)

    def _fail(self, error: Exception) -> None:
        if not self._failing:
            _LOGGER.error("REASONED_RATE_LIMIT_STORE fails, everybody is let through: %s", error)
        self._failing, self._asked_again = True, self._clock() + PAUSE


def subject_of(scope: Scope) -> str:
    """Say for whom a request counts: a key's name, a token's subject, else an address."""
    caller = caller_of(scope)
    if caller.name is not None:
        return f"{caller.tenant}/{caller.name}"
    client = scope.get("client")
    return f"address {_network(client[0]) if client else 'unknown'}"


def _network(host: str) -> str:
    """Take the addresses of one IPv6 network for one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4 or address.ipv4_mapped:
        return host
    return str(ipaddress.ip_network((int(address), _NETWORK), strict=False))


def _item(text: str) -> limits.RateLimitItem:
    try:
        items = limits.parse_many(text)
    except ValueError as error:
        raise SettingsError(
            f"REASONED_RATE_LIMIT must be like 100/second or 5000/hour, not {text!r}"
        ) from error
    if len(items) != 1 or items[0].amount < 1 or items[0].get_expiry() < 1:
        raise SettingsError(
            f"REASONED_RATE_LIMIT must be one rate, of at least 1 request, not {text!r}"
        )
    return items[0]
