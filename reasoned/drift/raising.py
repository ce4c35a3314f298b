"""From a family that came to its threshold to an alarm."""

import dataclasses
import math
import time
from typing import Final, final

from sqlalchemy import Connection

from reasoned.drift.alarms import Alarm
from reasoned.drift.change import LOOKED_BACK, Change, Contributors, describe
from reasoned.drift.citations import CitedPlaces
from reasoned.drift.e_detector import Crossing
from reasoned.drift.rows import Rows, latest
from reasoned.drift.watch import Watch

_AGAIN: Final = 4
_NOTHING: Final = Contributors(members=(), examples={})


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Raised:
    """A crossing, its family, and the place in the ledger of the request that made it.

    `heard` tells that feedback made it, and no request.
    """

    crossing: Crossing
    family: int
    seq: int
    heard: bool


def describe_alarm(
    connection: Connection, watch: Watch, places: CitedPlaces, raised: Raised
) -> tuple[Alarm, Contributors]:
    """Say what an alarm is due to, by reading once more the requests that led to it."""
    crossing, model = raised.crossing, watch.reference.model
    change = None
    if not raised.heard:
        change = _change(watch, raised, _led_to(connection, model, places, raised))
    alarm = Alarm(
        number=0,
        model=model,
        signal=watch.families[raised.family].name,
        at=time.time(),
        evidence=math.log10(crossing.evidence),
        threshold=math.log10(watch.threshold),
        counted=crossing.counted,
        first_seq=raised.seq if change is None else change.first_seq,
        last_seq=raised.seq,
        contributors=(),
    )
    return alarm, _NOTHING if change is None else change.contributors


def _led_to(connection: Connection, model: str, places: CitedPlaces, raised: Raised) -> Rows:
    """Read what the family counted since it began, as far as it is kept and not too much."""
    counted = raised.crossing.counted
    most = min(counted, LOOKED_BACK)
    while True:
        rows = latest(connection, model, places, raised.seq, most)
        # Some of the rows that the database gives may not count: then there are more behind.
        if len(rows) >= min(counted, LOOKED_BACK) or most >= LOOKED_BACK:
            return rows
        most = min(_AGAIN * most, LOOKED_BACK)


def _change(watch: Watch, raised: Raised, rows: Rows) -> Change | None:
    signals, family = watch.signals, watch.families[raised.family]
    return describe(raised.crossing, family, signals.bank, rows, signals.batch(rows.requests))
