"""Decisions as HTTP and the command line tell of them: frozen models."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, final

import orjson
from pydantic import AwareDatetime, Field

from reasoned.ledger.decision import KeptKind
from reasoned.ledger.legible import read_options
from reasoned.ledger.reading import Feedback, Stored
from reasoned.reply.bodies import ClassName, Frozen, Share
from reasoned.reply.schema import Reply, Status

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
NEWEST: Final = 3  # feedbacks that a page shows of each decision
Microseconds = Annotated[int, Field(ge=0)]


@final
class FeedbackRecord(Frozen):
    """What somebody said afterwards; `wrong` is whether `label` is not the network's class."""

    at: AwareDatetime
    label: str | None
    wrong: bool | None
    useful: bool | None
    note: str | None


@final
class CitationRecord(Frozen):
    """What an explanation went through or shows, such as leaf-12 or a training image."""

    kind: str
    key: str


@final
class Durations(Frozen):
    """How long each step took, in microseconds."""

    decode: Microseconds
    infer: Microseconds
    neighbours: Microseconds
    explain: Microseconds


@final
class Predicted(ClassName):
    """The network's class, and its softmax."""

    probability: Share


class RecordBase(Frozen):
    """What is told of every decision.

    `client_id` is what the client called the request, and `trace_id` the W3C trace that it
    was part of. `model` is the digest of the model's manifest, `image_sha256` that of the
    image as it came. `status`, `carrier` and `agrees` are those of the reply; `first` is its
    method of first choice, and `outside` whether the support test rejects the image. Where
    `sampled` is false, the decision was kept for its outcome alone. `options` is null where the
    ledger's row of it cannot be read any more. `feedback_count` says how often feedback came.
    """

    id: str
    tenant: str
    at: AwareDatetime
    client_id: str | None
    trace_id: str | None
    model: Digest
    options: dict[str, Any] | None
    disclosure: str
    prediction: Predicted
    status: Status | None
    carrier: str | None
    agrees: bool | None
    first: str | None
    outside: bool | None
    image_sha256: Digest
    microseconds: Durations
    cited: list[CitationRecord]
    sampled: bool
    feedback_count: Annotated[int, Field(ge=0)]
    feedback: list[FeedbackRecord]


@final
class DecisionRecord(RecordBase):
    """One decision among others, without its reply; of the feedback the newest three."""


@final
class WholeRecord(RecordBase):
    """One decision, with the reply as it was given and what is kept of the image.

    `reply` is null where replies are not kept, and `kept` where nothing of the image is.
    """

    kept: KeptKind | None
    reply: Reply | None


@final
class RecordPage(Frozen):
    """Some decisions, the newest first; `cursor` asks for the next, and is null at the end."""

    items: list[DecisionRecord]
    cursor: str | None


def moment(seconds: float) -> datetime:
    """Read seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def feedback_record(found: Feedback) -> FeedbackRecord:
    """Tell of one feedback."""
    return FeedbackRecord(
        at=moment(found.at),
        label=found.label,
        wrong=found.wrong,
        useful=found.useful,
        note=found.note,
    )


def decision_record(found: Stored) -> DecisionRecord:
    """Tell of one decision among others, with the newest of what was said of it."""
    told = found.feedback[-NEWEST:]
    return DecisionRecord(**_fields(found), feedback=[feedback_record(one) for one in told])


def whole_record(found: Stored) -> bytes:
    """Write one `WholeRecord` as JSON, around a reply that is JSON already."""
    kept, reply = found.decision.kept, found.decision.reply
    record = WholeRecord(
        **_fields(found),
        feedback=[feedback_record(one) for one in found.feedback],
        kept=None if kept is None else kept.kind,
        reply=None,
    ).model_dump(mode="json")
    record["reply"] = None if reply is None else orjson.Fragment(reply)
    return orjson.dumps(record)


def _fields(found: Stored) -> dict[str, Any]:
    """Give what is told of every decision, but for the feedback itself.

    The distance to the nearest is left out: a reply shows it rounded.
    """
    decision = found.decision
    return {
        "id": decision.id,
        "tenant": decision.tenant,
        "at": moment(decision.at),
        "client_id": decision.client_id,
        "trace_id": decision.trace_id,
        "model": decision.model,
        "options": read_options(decision.options, decision.id),
        "disclosure": decision.disclosure,
        "prediction": Predicted(
            label=decision.label, index=decision.predicted, probability=decision.confidence
        ),
        "status": decision.status,
        "carrier": decision.carrier,
        "agrees": decision.agrees,
        "first": decision.first,
        "outside": decision.outside,
        "image_sha256": decision.image_sha256,
        "microseconds": Durations(
            decode=decision.decode_us,
            infer=decision.infer_us,
            neighbours=decision.neighbours_us,
            explain=decision.explain_us,
        ),
        "cited": [CitationRecord(kind=kind, key=key) for kind, key in decision.cited],
        "sampled": decision.sampled,
        "feedback_count": len(found.feedback),
    }
