"""All detectors of a model: what they count, and where they stand."""

from typing import Final, final

import numpy as np

from explainers.arrays import DoubleArray
from reasoned.drift.e_detector import BETS, Bank, Batch, Crossing, Detectors
from reasoned.drift.reference import Family, Member, Reference
from reasoned.drift.signals import FEEDBACK, Requests, Signals
from reasoned.drift.state import Header, StateError, decode, encode, whole
from reasoned.errors import OptionsError

MOST_RUN_LENGTH: Final = 10**12


@final
class Watch:
    """The detectors of one model, over one ordered stream of its requests.

    Attributes
    ----------
    reference
        What is compared with.
    run_length
        Requests between false alarms, on average and at the least, all families together.
    signals
        How requests look to the detectors.
    families
        Everything that raises alarms; feedback is the last, where it is watched.
    threshold
        An alarm is due where a family's evidence comes to it: families times run length.

    """

    def __init__(self, reference: Reference, run_length: int, *, feedback: bool = False) -> None:
        if not 1 <= run_length <= MOST_RUN_LENGTH:
            raise OptionsError(
                f"run_length must be from 1 to {MOST_RUN_LENGTH:,} requests, not {run_length}"
            )
        self.reference = reference
        self.run_length = run_length
        told = reference.record.feedback if feedback else None
        count = len(reference.record.families) + (told is not None)
        self.threshold = float(count * run_length)
        self.signals = Signals.of(reference.record, self.threshold)
        self._detectors = Detectors(self.signals.bank)
        self._told = None if told is None else Detectors(_of_one(told, self.threshold))
        self.families = self.signals.families
        if told is not None:
            self.families += (Family(name=FEEDBACK, kind=None, members=(told,)),)

    @property
    def hears_feedback(self) -> bool:
        """Whether feedback is watched."""
        return self._told is not None

    def count(self, requests: Requests) -> list[Crossing]:
        """Count requests, in order."""
        return self._detectors.count(self.signals.batch(requests))

    def count_feedback(self, wrong: DoubleArray) -> list[Crossing]:
        """Count feedback, in order; shape (feedback), 1 where the class was wrong."""
        if self._told is None:
            return []
        ends = np.zeros(len(wrong), np.int64)
        batch = Batch(wrong[:, None], np.zeros(0, np.int64), ends)
        return self._told.count(batch)

    def evidence(self) -> list[tuple[Family, float, int]]:
        """Give each family, its average, and the requests since it began."""
        found = []
        for detectors in self._all():
            since = detectors.counted - detectors.started
            found += [*zip(detectors.evidence().tolist(), since.tolist(), strict=True)]
        return [(f, *one) for f, one in zip(self.families, found, strict=True)]

    def state(self) -> bytes:
        """Write where the detectors stand."""
        parts = self._all()
        header = self._header(
            counted=self._detectors.counted,
            told=0 if self._told is None else self._told.counted,
            started=tuple(n for part in parts for n in part.started.tolist()),
        )
        return encode(header, np.concatenate([part.wealth for part in parts]))

    def restore(self, state: bytes) -> None:
        """Go on from where detectors stood.

        Raises
        ------
        StateError
            When those were of another reference or run length.

        """
        header, wealth = decode(state)
        wanted = self._header(header.counted, header.told, header.started)
        if header != wanted or len(header.started) != len(self.families):
            raise StateError(_difference(header, wanted))
        counts = (header.counted, header.told)
        first, begun = 0, 0
        for part, counted in zip(self._all(), counts, strict=False):
            last, end = first + len(part.bank), begun + len(part.started)
            part.wealth[:] = wealth[first:last]
            part.started[:] = whole(header.started[begun:end])
            part.counted = counted
            first, begun = last, end

    def _all(self) -> list[Detectors]:
        return [self._detectors, *([] if self._told is None else [self._told])]

    def _header(self, counted: int, told: int, started: tuple[int, ...]) -> Header:
        return Header(
            reference=self.reference.digest,
            run_length=self.run_length,
            feedback=self.hears_feedback,
            members=sum(len(part.bank) for part in self._all()),
            bets=BETS,
            counted=counted,
            told=told,
            started=started,
        )


def _of_one(member: Member, threshold: float) -> Bank:
    """Make a bank of one number."""
    bounds, rests = np.array([member.bound]), np.zeros(1)
    return Bank(bounds, rests, np.zeros(1, np.int64), measured=1, threshold=threshold)


def _difference(found: Header, wanted: Header) -> str:
    for name in ("reference", "run_length", "feedback", "members", "bets"):
        one, other = getattr(found, name), getattr(wanted, name)
        if one != other:
            return f"the state is of {name} {one}, but the detectors are of {other}"
    return f"the state is of {len(found.started)} families, but the detectors are of others"
