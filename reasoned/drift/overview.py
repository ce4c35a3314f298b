"""Everything that people are shown of a model's detectors, read together."""

import dataclasses
import time
from typing import Final, final

from reasoned.drift.acknowledged import Seen, read_seen
from reasoned.drift.alarms import Alarm, read
from reasoned.drift.display import Display, display_of
from reasoned.drift.live import LAST, read_live
from reasoned.drift.reference import Family, Reference
from reasoned.drift.status import MonitorStatus, read_status, stood_run_length
from reasoned.ledger.reading import Opened

USUAL_RUN_LENGTH: Final = 100_000
_NEWEST: Final = 20
# A consumer renews its lease every few seconds; one that has not for a minute is gone.
_GONE: Final = 60.0
_OFF: Final = (
    "REASONED_RUN_LENGTH=0: this service moves no detectors, and no `reasoned drift run` does."
)
_NEVER: Final = "No detector has looked at this ledger yet."
_STOPPED: Final = (
    "No detector has looked at this ledger for more than a minute: neither a service nor "
    "`reasoned drift run` goes on counting."
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """Where detectors stand, and how the last requests look.

    Attributes
    ----------
    name
        What the model is called.
    reference
        What is compared with.
    run_length
        Requests between false alarms, on average and at the least.
    idle
        Why no detector counts at present; None where one does.
    read
        When this was read: seconds since 1970, UTC.
    status
        The detectors.
    shown
        The last requests.
    alarms
        The newest.
    seen
        Who has seen which of them, by number.

    """

    name: str
    reference: Reference
    run_length: int
    idle: str | None
    read: float
    status: MonitorStatus
    shown: Display
    alarms: tuple[Alarm, ...]
    seen: dict[int, Seen]

    def family(self, name: str) -> Family | None:
        """Give the family of a signal; None for feedback, which is not in the reference's."""
        families = self.reference.record.families
        return next((family for family in families if family.name == name), None)


def read_overview(
    ledger: Opened,
    reference: Reference,
    name: str,
    *,
    tenant: str | None,
    run_length: int,
    last: int = LAST,
) -> Overview:
    """Read all there is to show of a model's detectors.

    Parameters
    ----------
    ledger
        Where they stand.
    reference, name
        Of the model.
    tenant
        Whose decisions are shown as examples of alarms; None for everybody's.
    run_length
        As the service was told; 0 for whatever another consumer was.
    last
        How many of the last requests are looked at.

    """
    length = run_length or stood_run_length(ledger, reference.model) or USUAL_RUN_LENGTH
    with ledger.engine.connect() as connection:
        live = read_live(connection, reference, last)
    status = read_status(ledger, reference, run_length=length, live=live)
    alarms = read(ledger, reference.model, tenant, most=_NEWEST)
    now = time.time()
    return Overview(
        name=name,
        reference=reference,
        run_length=length,
        idle=_idle(status.updated, now, off=run_length == 0),
        read=now,
        status=status,
        shown=display_of(live, reference),
        alarms=alarms,
        seen=read_seen(ledger, alarms),
    )


def _idle(updated: float | None, now: float, *, off: bool) -> str | None:
    if updated is not None and now - updated <= _GONE:
        return None
    if off:
        return _OFF
    return _NEVER if updated is None else _STOPPED
