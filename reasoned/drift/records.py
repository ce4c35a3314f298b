"""Drift and alarms as HTTP tells of them: frozen models."""

from typing import Annotated, Literal, final

from pydantic import AwareDatetime, Field

from reasoned.drift.acknowledged import Seen
from reasoned.drift.alarms import Alarm
from reasoned.drift.overview import Overview
from reasoned.drift.shares import KindShares, by_kind
from reasoned.ledger.records import Digest, moment
from reasoned.ledger.word import Note
from reasoned.reply.bodies import Frozen, Share

Count = Annotated[int, Field(ge=0)]
Psi = Annotated[float, Field(ge=0.0)]
Side = Literal["above", "below"]


@final
class SignalRecord(Frozen):
    """One family of detectors; `evidence` and `threshold` are decimal logarithms.

    `counted` requests were seen since it began anew, and `alarms` it ever raised.
    """

    name: str
    evidence: float
    threshold: float
    alarms: Count
    counted: Count


@final
class RatioRecord(Frozen):
    """A share of the last `n` requests with Wilson's 95 % interval, `low` to `high`.

    `live` is null where none was seen. `reference` is the share at fit time, and `bound` what
    the detectors hold `live` against.
    """

    name: str
    live: Share | None
    low: Share
    high: Share
    reference: Share
    bound: Share
    n: Count


@final
class ShareRecord(Frozen):
    """How often something was cited, or a class was given, at fit time and of late."""

    key: str
    reference: Share
    live: Share


@final
class KindRecord(Frozen):
    """The shares of one kind, over the last `n` requests.

    `psi` is in nats and `js` a distance in [0, 1]; both are null where a request may have
    several of the kind. Where `grey` is true, `n` is below `wanted`, and nothing can be read
    from shares and divergences.
    """

    kind: str
    n: Count
    wanted: Count
    grey: bool
    psi: Psi | None
    js: Share | None
    shares: list[ShareRecord]


@final
class ConfidenceRecord(Frozen):
    """The network's mean confidence over the last requests, and at fit time."""

    live: Share | None
    reference: Share


@final
class DriftRecord(Frozen):
    """Where the detectors of the model stand, and how the last `shown` requests look.

    False alarms come `run_length` requests apart, on average and at the least, all signals
    together. `counting` tells whether a detector counts at present, and `idle` why not;
    `updated` is when one last looked, and `lag` the rows that are yet to be looked at.
    Ratios, kinds and confidence are to look at: no alarm rests on them.
    """

    model: Digest
    counting: bool
    idle: str | None
    run_length: Annotated[int, Field(ge=1)]
    counted: Count
    updated: AwareDatetime | None
    lag: Count
    signals: list[SignalRecord]
    shown: Count
    ratios: list[RatioRecord]
    confidence: ConfidenceRecord
    kinds: list[KindRecord]


@final
class ContributorRecord(Frozen):
    """A share that made an alarm; see `DriftRecord` for the words.

    On the side `below`, `live` was held to stay over 1 - `bound`.
    """

    member: str
    side: Side
    evidence: float
    bound: Share
    reference: Share
    live: Share | None
    n: Count


@final
class SeenRecord(Frozen):
    """Somebody has seen an alarm; `by` is the name of the key, `note` what was found."""

    at: AwareDatetime
    by: str | None
    note: str | None


@final
class AlarmRecord(Frozen):
    """An alarm: a family of detectors came to its threshold.

    The change shows in the requests `first_seq` to `last_seq` of the ledger, the first of which
    was answered when it `began`; null where that one is no longer kept. `examples` are the ids
    of decisions that show it, those of the caller's tenant only.
    """

    number: Annotated[int, Field(ge=1)]
    model: Digest
    signal: str
    at: AwareDatetime
    evidence: float
    threshold: float
    counted: Count
    first_seq: Count
    last_seq: Count
    began: AwareDatetime | None
    contributors: list[ContributorRecord]
    examples: list[str]
    acknowledged: SeenRecord | None


@final
class AlarmPage(Frozen):
    """Some alarms, the newest first; `cursor` asks for the next, and is null at the end."""

    items: list[AlarmRecord]
    cursor: str | None


@final
class GivenAcknowledgement(Frozen):
    """What was found, if anything."""

    note: Note | None = None


def drift_record(found: Overview) -> DriftRecord:
    """Tell of a model's detectors."""
    status, shown = found.status, found.shown
    return DriftRecord(
        model=status.model,
        counting=found.idle is None,
        idle=found.idle,
        run_length=found.run_length,
        counted=status.counted,
        updated=None if status.updated is None else moment(status.updated),
        lag=status.lag,
        signals=[SignalRecord.model_validate(one, from_attributes=True) for one in status.signals],
        shown=shown.n,
        ratios=[RatioRecord.model_validate(one, from_attributes=True) for one in shown.ratios],
        confidence=ConfidenceRecord(
            live=shown.confidence, reference=found.reference.record.confidence_mean
        ),
        kinds=[_kind(one) for one in by_kind(shown)],
    )


def alarm_record(alarm: Alarm, seen: Seen | None) -> AlarmRecord:
    """Tell of an alarm, and of who has seen it."""
    return AlarmRecord(
        number=alarm.number,
        model=alarm.model,
        signal=alarm.signal,
        at=moment(alarm.at),
        evidence=alarm.evidence,
        threshold=alarm.threshold,
        counted=alarm.counted,
        first_seq=alarm.first_seq,
        last_seq=alarm.last_seq,
        began=None if alarm.began is None else moment(alarm.began),
        contributors=[
            ContributorRecord.model_validate(one, from_attributes=True)
            for one in alarm.contributors
        ],
        examples=list(alarm.examples),
        acknowledged=None
        if seen is None
        else SeenRecord(at=moment(seen.at), by=seen.by, note=seen.note or None),
    )


def _kind(found: KindShares) -> KindRecord:
    far = found.divergence
    return KindRecord(
        kind=found.kind,
        n=found.n,
        wanted=found.wanted,
        grey=found.grey,
        psi=None if far is None else max(far.psi, 0.0),
        js=None if far is None else min(far.js, 1.0),
        shares=[ShareRecord(key=s.key, reference=s.reference, live=s.live) for s in found.shares],
    )
