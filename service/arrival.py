"""When a request came, what it is called, and for whom it is."""

import dataclasses
import os
import time
from typing import Final, cast, final

from starlette.types import Scope

_KEY: Final = "reasoned.arrival"
DEFAULT_TENANT: Final = "default"


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """One request's identity.

    Attributes
    ----------
    request_id
        32 hexadecimal digits, made by the server, whatever the client sent: twelve of the
        time in milliseconds since 1970, and eighty random bits.
    started
        The reading of `time.perf_counter` at which the request came.
    client_id
        What the client calls it, if it sent a sane name.
    trace_id
        32 hexadecimal digits of the W3C ``traceparent`` that came with it, if one did.
    tenant
        Whose request it is; from its key.

    """

    request_id: str
    started: float
    client_id: str | None = None
    trace_id: str | None = None
    tenant: str = DEFAULT_TENANT


def register(scope: Scope, client_id: str | None = None, trace_id: str | None = None) -> Arrival:
    """Name a request that has just come, and note the time."""
    arrival = Arrival(_fresh_id(), time.perf_counter(), client_id, trace_id)
    scope[_KEY] = arrival
    return arrival


def arrival_of(scope: Scope) -> Arrival:
    """Return what `register` noted for this request."""
    return cast("Arrival", scope[_KEY])


def assign(scope: Scope, tenant: str) -> None:
    """Note whose request it is."""
    scope[_KEY] = dataclasses.replace(arrival_of(scope), tenant=tenant)


def _fresh_id() -> str:
    """Make an id that begins with the time: the ledger's index then grows at its end."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
