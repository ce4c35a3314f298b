"""One line of JSON for each request: who, what and how long, and never what it showed."""

import collections
import contextlib
import datetime as dt
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, final

import orjson

from service.finished import Finished
from service.metrics.part import Part
from service.served_model import ServedModel

_STANDARD_ERROR: Final = 2
_LINE: Final = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
Write = Callable[[bytes], object]


def write_line(line: bytes) -> int:
    """Write to standard error in one piece."""
    return os.write(_STANDARD_ERROR, line)


@final
class RequestLog:
    """Writes lines.

    Parameters
    ----------
    model
        Whose answers they tell of.
    write
        Takes one line; by default, one write to standard error, which the system does not
        mix with those of other workers.

    """

    def __init__(self, model: ServedModel, write: Write = write_line) -> None:
        self._model = model.sha256[:12]
        self._write = write

    def finish(self, finished: Finished) -> None:
        """Write down a request that is over; a broken pipe is no reason to fail it."""
        with contextlib.suppress(OSError):
            self._write(orjson.dumps(self._line(finished), option=_LINE))

    def _line(self, finished: Finished) -> dict[str, Any]:
        arrival = finished.arrival
        return {
            "time": dt.datetime.now(dt.UTC),
            "level": _level(finished.status),
            "event": "request",
            "request_id": arrival.request_id,
            "client_id": arrival.client_id,
            "trace_id": arrival.trace_id,
            "tenant": arrival.tenant,
            "method": finished.method,
            "route": finished.route,
            "status": finished.status,
            "duration_ms": round(1e3 * finished.seconds, 3),
            "model": self._model,
            "outcome": _outcome(finished.parts),
        }


def _level(status: int) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "error"
    return "warning" if status >= HTTPStatus.BAD_REQUEST else "info"


def _outcome(parts: tuple[Part, ...]) -> dict[str, Any] | None:
    """Say what became of one image, or count what became of several."""
    if not parts:
        return None
    if len(parts) == 1:
        one = parts[0].outcome
        return {
            "status": one.status,
            "agrees": one.agrees,
            "carrier": one.carrier,
            "class": one.label,
        }
    return {
        "images": len(parts),
        "status": collections.Counter(part.outcome.status or "none" for part in parts),
        "disagreeing": sum(part.outcome.agrees is False for part in parts),
    }
