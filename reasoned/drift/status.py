"""Where the detectors of a model stand."""

import dataclasses
import math
from typing import Final, final

from sqlalchemy import Connection, func, select

from reasoned.drift.live import Live, Share, read_live
from reasoned.drift.reference import Reference
from reasoned.drift.state import StateError, decode
from reasoned.drift.watch import Watch
from reasoned.ledger.reading import Opened
from reasoned.ledger.tables import ALARM, DECISION, MONITOR

_STOOD: Final = select(MONITOR.c.seq, MONITOR.c.counted, MONITOR.c.updated, MONITOR.c.state)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class SignalStatus:
    """One family of detectors.

    Attributes
    ----------
    name
        The family.
    evidence, threshold
        Decimal logarithms; evidence below 1 is shown as 0.
    alarms
        How many it ever raised.
    counted
        Requests since it began anew.

    """

    name: str
    evidence: float
    threshold: float
    alarms: int
    counted: int


@final
@dataclasses.dataclass(frozen=True, slots=True)
class MonitorStatus:
    """All detectors of a model.

    Attributes
    ----------
    model
        The digest of its manifest.
    counted
        Requests that were counted, ever.
    updated
        When a consumer last looked: seconds since 1970, UTC; None where none ever did.
    lag
        Rows of the ledger that are yet to be looked at.
    signals
        The families.
    shares
        Of the last requests; none where nothing was counted.

    """

    model: str
    counted: int
    updated: float | None
    lag: int
    signals: tuple[SignalStatus, ...]
    shares: tuple[Share, ...]


def read_status(
    ledger: Opened, reference: Reference, *, run_length: int, live: Live | None = None
) -> MonitorStatus:
    """Read where the detectors of a model stand.

    Parameters
    ----------
    ledger
        Where they stand.
    reference
        Of the model.
    run_length
        As the detectors were given; where they stood under another one they will begin anew, and
        are shown so.
    live
        The last requests, where they have been read already.

    """
    with ledger.engine.connect() as connection:
        row = connection.execute(_STOOD.where(MONITOR.c.model == reference.model)).one_or_none()
        behind = 0 if row is None else row.seq
        newest = connection.execute(select(func.max(DECISION.c.seq))).scalar_one() or 0
        raised = _raised(connection, reference.model)
        live = read_live(connection, reference) if live is None else live
    watch = _watch(reference, run_length, b"" if row is None else bytes(row.state))
    return MonitorStatus(
        model=reference.model,
        counted=0 if row is None else row.counted,
        updated=None if row is None else row.updated,
        lag=max(newest - behind, 0),
        signals=tuple(
            SignalStatus(
                family.name,
                math.log10(max(evidence, 1.0)),
                math.log10(watch.threshold),
                raised.get(family.name, 0),
                counted,
            )
            for family, evidence, counted in watch.evidence()
        ),
        shares=live.shares(),
    )


def stood_run_length(ledger: Opened, model: str) -> int | None:
    """Give the run length that the detectors of a model were last given, or None."""
    with ledger.engine.connect() as connection:
        row = connection.execute(_STOOD.where(MONITOR.c.model == model)).one_or_none()
    try:
        return None if row is None else decode(bytes(row.state))[0].run_length
    except StateError:
        return None


def _raised(connection: Connection, model: str) -> dict[str, int]:
    counted = select(ALARM.c.signal, func.count()).where(ALARM.c.model == model)
    rows = connection.execute(counted.group_by(ALARM.c.signal)).all()
    return {signal: count for signal, count in rows}  # noqa: C416  dict() of rows has no types


def _watch(reference: Reference, run_length: int, state: bytes) -> Watch:
    """Set the detectors up as they stand, or anew where nothing fits."""
    try:
        watch = Watch(reference, run_length, feedback=decode(state)[0].feedback)
        watch.restore(state)
    except StateError:
        watch = Watch(reference, run_length)
    return watch
