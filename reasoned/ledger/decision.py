"""One explained request, as it is written into the ledger."""

import dataclasses
from typing import Literal, final

from explainers.evidence import Citation

KeptKind = Literal["image", "pixels", "thumbnail", "activations"]


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an image, where the setting asks for it.

    Attributes
    ----------
    kind
        ``image`` is the file as it came, ``pixels`` an ``.npy`` of nested lists that came,
        ``thumbnail`` a PNG, ``activations`` a safetensors of what the explainers read.
    data
        The bytes.

    """

    kind: KeptKind
    data: bytes


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """One explained request.

    Attributes
    ----------
    id
        The reply's id.
    tenant
        Whose request it was.
    at
        When it was answered: seconds since 1970, UTC.
    client_id, trace_id
        What the client called it, and the W3C trace that it is part of.
    model
        The digest of the model's manifest.
    options
        What was asked for, as canonical JSON of `ReplyOptions`.
    disclosure
        How examples were shown, as `Disclosure.word` says it.
    predicted, label, confidence
        The network's class.
    status, carrier, agrees, first, outside, disagreeing, nearest
        As in `reasoned.reply.outcome.Outcome`.
    image_sha256
        Of the file as it came; of the pixels, row by row, where nested lists came.
    decode_us, infer_us, neighbours_us, explain_us
        How long the steps took, in microseconds.
    cited
        What the reply went through and shows.
    reply
        The reply's bytes; None where replies are not kept.
    kept
        What is kept of the image; None by default.
    sampled
        Whether the row is part of the even sample; where not, it is kept for its outcome
        alone, and nothing may be counted on it.

    """

    id: str
    tenant: str
    at: float
    client_id: str | None
    trace_id: str | None
    model: str
    options: str
    disclosure: str
    predicted: int
    label: str
    confidence: float
    status: str | None
    carrier: str | None
    agrees: bool | None
    first: str | None
    outside: bool | None
    disagreeing: bool
    nearest: float | None
    image_sha256: str
    decode_us: int
    infer_us: int
    neighbours_us: int
    explain_us: int
    cited: tuple[Citation, ...]
    reply: bytes | None = None
    kept: Kept | None = None
    sampled: bool = True
