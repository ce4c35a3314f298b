"""When a request came, and what it is called."""

import dataclasses
import os
import time
from typing import cast, final

from starlette.types import Scope

_KEY = "reasoned.arrival"


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """One request's identity.

    Attributes
    ----------
    request_id
        32 hexadecimal digits, made by the server, whatever the client sent.
    started
        The reading of `time.perf_counter` at which the request came.

    """

    request_id: str
    started: float


def register(scope: Scope) -> Arrival:
    """Name a request that has just come, and note the time."""
    arrival = Arrival(os.urandom(16).hex(), time.perf_counter())
    scope[_KEY] = arrival
    return arrival


def arrival_of(scope: Scope) -> Arrival:
    """Return what `register` noted for this request."""
    return cast("Arrival", scope[_KEY])
