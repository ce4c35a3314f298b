"""The reply, as a contract: frozen models, one evidence body per form."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reasoned.reply.bodies import (
    ClassName,
    Frozen,
    PartsBody,
    PathBody,
    RegionBody,
    RegressionBody,
    Share,
)
from reasoned.reply.example_records import Contrast, Example, Prototype

__all__ = [
    "BatchItem",
    "BatchReply",
    "ClassName",
    "ClassProbability",
    "Contrast",
    "Disagreement",
    "Evidence",
    "EvidenceBase",
    "Example",
    "Explanation",
    "Frozen",
    "ModelReference",
    "PartsBody",
    "PartsEvidence",
    "PathBody",
    "PathEvidence",
    "Prediction",
    "Problem",
    "Prototype",
    "RegionBody",
    "RegionEvidence",
    "RegressionBody",
    "RegressionEvidence",
    "Reliability",
    "Reply",
    "Skipped",
    "Statement",
    "Status",
]

Status = Literal["supported", "weak", "out_of_support"]


class ModelReference(Frozen):
    """Which model answered; `sha256` is the digest of its manifest."""

    name: str
    version: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ClassProbability(ClassName):
    """A class and the network's softmax for it."""

    probability: Share


class Prediction(ClassProbability):
    """What the network says, with its five most probable classes."""

    top: list[ClassProbability]


class Reliability(Frozen):
    """Agreement counted on calibration images in the same region with the same status.

    `agreed` of `of` calibration images had an explanation that named the network's
    class; `estimate` is their ratio (null where there were none) and `lower` its
    one-sided 95 % Clopper-Pearson bound. For `cnn_right` of them the network's class
    was the true one. `calibration` says whether the network may have been trained on
    these images.
    """

    agreed: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=0)]
    estimate: Share | None
    lower: Share
    cnn_right: Annotated[int, Field(ge=0)]
    calibration: Literal["held_out", "may_have_been_seen"]


class Statement(Frozen):
    """How far the explanation may be trusted: how often such ones name the network's class.

    Counted on the calibration images of the same `group`: those with the same status, the
    same first choice and, where it is not firm, the same `company`, which is how many of the
    other methods asked find the first choice's class too (null where it is firm). The first
    choice named the network's class for `agreed` of `of` of them, and the network was right
    for `cnn_right`. `estimate` is the posterior mean of that share, and `lower` its lower
    bound: the bounds of all groups hold at once with 95 % confidence. Nothing here reads what
    the network says of this image.
    """

    estimate: Share
    lower: Share
    agreed: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=0)]
    cnn_right: Annotated[int, Field(ge=0)]
    group: str
    company: Annotated[int, Field(ge=0)] | None
    calibration: Literal["held_out", "may_have_been_seen"]


class Disagreement(Frozen):
    """An evidence that names another class than the network, and which."""

    method: str
    names: ClassName


class EvidenceBase(Frozen):
    """What every evidence says, whatever its form."""

    method: str
    region: str | None
    names: ClassName | None
    agrees: bool | None
    reliability: Reliability | None
    sentence: str


class PathEvidence(EvidenceBase):
    """Evidence of form `path`."""

    form: Literal["path"]
    body: PathBody


class RegionEvidence(EvidenceBase):
    """Evidence of form `region`; `picture` is the path of a PNG that shows what it means."""

    form: Literal["region"]
    body: RegionBody
    picture: str | None


class PartsEvidence(EvidenceBase):
    """Evidence of form `parts`; `picture` is as in `RegionEvidence`, null without a gallery."""

    form: Literal["parts"]
    body: PartsBody
    picture: str | None


class RegressionEvidence(EvidenceBase):
    """Evidence of form `regression`; `picture` is as in `RegionEvidence`."""

    form: Literal["regression"]
    body: RegressionBody
    picture: str | None


Evidence = Annotated[
    PathEvidence | RegionEvidence | PartsEvidence | RegressionEvidence,
    Field(discriminator="form"),
]


class Skipped(Frozen):
    """A step that was left out, and why."""

    step: str
    reason: str


class Explanation(Frozen):
    """The reasons.

    `status` speaks of the regions that the image falls in and never of this image's own
    agreement. `agrees` and `reliability` are of `evidence[0]`, the first choice: the first
    method, by a rule fixed on validation images, that is firm for this image; the other
    evidence follows by its lower bound, and what agrees by construction comes last. `carrier`
    is the evidence of the highest lower bound that names the network's class, and
    `disagreements` are those that name another. All are null only where a deadline left the
    explanation out, which `skipped` then says; `reliability` also where no method that was
    asked has a region for the image.
    """

    status: Status | None
    carrier: str | None
    names: ClassName | None
    agrees: bool | None
    sentence: str
    reliability: Statement | None
    disagreements: list[Disagreement]
    evidence: list[Evidence]
    skipped: list[Skipped]


class Reply(Frozen):
    """The whole answer to one image."""

    id: str
    model: ModelReference
    prediction: Prediction
    explanation: Explanation | None
    examples: list[Example | Prototype]
    contrast: Contrast | Prototype | None
    exact: bool


class Problem(BaseModel):
    """An error, as RFC 9457 problem details."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str | None = None
    request_id: str


class BatchItem(Frozen):
    """One image's result within a batch: a reply, or the problem with that image."""

    index: Annotated[int, Field(ge=0)]
    reply: Reply | None
    problem: Problem | None


class BatchReply(Frozen):
    """The answers to a batch, in the order of its images."""

    id: str
    results: list[BatchItem]
