"""The one consumer of a model's decisions: detectors that move along the ledger."""

import logging
from typing import Final, final

from sqlalchemy import Connection

from reasoned.drift.alarms import prolong, raise_alarm
from reasoned.drift.citations import CitedPlaces
from reasoned.drift.lease import Lease, Standing
from reasoned.drift.raising import Raised, describe_alarm
from reasoned.drift.reference import Reference
from reasoned.drift.rows import Scanned, scan
from reasoned.drift.state import StateError
from reasoned.drift.told import ToldErrors, told_errors
from reasoned.drift.watch import Watch
from reasoned.ledger.ledger import Ledger

AT_ONCE: Final = 1000  # rows in one step: the thread that writes the ledger waits for it
# A family that comes to its threshold again within a hundredth of the run length has not found
# something new: what raised its last alarm goes on.
GOES_ON: Final = 100
_LOGGER: Final = logging.getLogger("reasoned.drift")


@final
class Monitor:
    """Counts what is new in the ledger, exactly once, whoever else does too.

    Any number of processes may have a monitor of a model: one of them holds the lease, and steps.
    Each step writes where the detectors stand, and alarms, in one transaction that takes place
    only where nobody moved them since. A change that lasts raises one alarm, which goes on until
    it ends or somebody acknowledges it. Use it from one thread.

    Parameters
    ----------
    ledger
        Where decisions are read and alarms are written.
    reference
        What is compared with.
    run_length
        Requests between false alarms, on average and at the least.
    feedback
        Whether the errors that feedback tells of are watched too.
    owner
        A name that no other process has.

    Attributes
    ----------
    looked
        How many rows the last step looked at, whosever they were.

    Raises
    ------
    OptionsError
        When the run length is out of range.

    """

    def __init__(
        self, ledger: Ledger, reference: Reference, *, run_length: int, feedback: bool, owner: str
    ) -> None:
        self._ledger = ledger
        self._generation = ledger.generation
        self._engine = ledger.engine
        self._model = reference.model
        self._watch = Watch(reference, run_length, feedback=feedback)
        self._places = CitedPlaces(self._watch.signals)
        self._lease = Lease(ledger.engine, reference.model, owner)
        self._standing: Standing | None = None
        self.looked = 0

    def step(self) -> int:
        """Count what is new, at most 1,000 rows of the ledger; return how many counted."""
        self.looked = 0
        self._begin_anew_elsewhere()
        try:
            if not self._lease.hold():
                self._standing = None
                return 0
            return self._advance()
        except BaseException:
            self._standing = None  # the detectors may have moved without the ledger
            self._lease.forget()
            raise

    @property
    def behind(self) -> bool:
        """Whether the last step looked at all that one may, so that more rows may be waiting."""
        return self.looked == AT_ONCE

    def close(self) -> None:
        """Let another process go on at once."""
        self._standing = None
        self._lease.release()

    def _begin_anew_elsewhere(self) -> None:
        """Forget what was read, where the ledger goes on in another file."""
        if self._generation == self._ledger.generation:
            return
        self._generation = self._ledger.generation
        self._places = CitedPlaces(self._watch.signals)
        self._standing = None
        self._lease.forget()

    def _advance(self) -> int:
        with self._engine.connect() as connection:
            old = self._standing or self._resume(connection)
            scanned = scan(connection, self._model, self._places, old.seq, AT_ONCE)
            told = self._told(connection, old)
            if scanned.last == old.seq and told.last == old.feedback:
                return 0
            raised = self._count(scanned, told)
        new = Standing(
            scanned.last, told.last, old.counted + len(scanned.rows), self._watch.state()
        )
        with self._engine.begin() as connection:
            if not self._lease.move(connection, old, new):
                self._standing = None
                self._lease.forget()
                return 0
            for one in raised:
                self._record(connection, one)
        self._standing = new
        self.looked = scanned.looked
        return len(scanned.rows)

    def _resume(self, connection: Connection) -> Standing:
        """Go on from where the ledger says that the detectors stand."""
        standing = self._lease.standing(connection)
        old = self._watch
        self._watch = Watch(old.reference, old.run_length, feedback=old.hears_feedback)
        if standing.state:
            try:
                self._watch.restore(standing.state)
            except StateError as error:
                _LOGGER.warning("the drift detectors begin anew: %s", error)
        self._standing = standing
        return standing

    def _told(self, connection: Connection, old: Standing) -> ToldErrors:
        if not self._watch.hears_feedback:
            return ToldErrors.nothing(old.feedback)
        return told_errors(connection, self._model, old.feedback, AT_ONCE)

    def _count(self, scanned: Scanned, told: ToldErrors) -> list[Raised]:
        crossings = self._watch.count(scanned.rows.requests)
        raised = [
            Raised(c, c.family, int(scanned.rows.seqs[c.request]), heard=False) for c in crossings
        ]
        heard = self._watch.count_feedback(told.wrong)
        last = len(self._watch.families) - 1
        return raised + [Raised(c, last, told.seqs[c.request], heard=True) for c in heard]

    def _record(self, connection: Connection, raised: Raised) -> None:
        """Write an alarm, or prolong one that goes on."""
        watch = self._watch
        family = watch.families[raised.family]
        if raised.crossing.counted <= watch.run_length // GOES_ON and prolong(
            connection, self._model, family.name, raised.seq
        ):
            return
        alarm, contributors = describe_alarm(connection, watch, self._places, raised)
        raise_alarm(connection, alarm, contributors)
        _LOGGER.warning(
            "drift alarm: %s, evidence 10^%.1f of 10^%.1f, requests %d to %d of the ledger",
            *(alarm.signal, alarm.evidence, alarm.threshold, alarm.first_seq, alarm.last_seq),
        )
