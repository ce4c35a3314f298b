"""From an answer to a row of the ledger, on its way out."""

import dataclasses
import functools
import time
from collections.abc import Callable
from typing import Final, final

import orjson

from explainers.activations import Activations
from reasoned.ledger.decision import Decision, Kept
from reasoned.ledger.keeping import Keep, keep_picture
from reasoned.ledger.refusal import Refusal
from reasoned.ledger.sampling import is_sampled
from reasoned.reply.options import ReplyOptions
from service.errors import LedgerFullError
from service.pictures import EncodedPicture
from service.telling import Told

_ALWAYS: Final = frozenset({"weak", "out_of_support"})
Offer = Callable[[Decision], Refusal | None]
Pack = Callable[[Activations], bytes]
_REFUSED: Final[dict[Refusal, str]] = {
    "full": "The ledger has no place for this request",
    "unwritable": "The ledger cannot be written at present",
    "closed": "This service is ending and records nothing more",
}


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Recorder:
    """Hands every explained request to the ledger's writer.

    Attributes
    ----------
    offer
        Takes a row, or says why not.
    model
        The digest of the model's manifest.
    keep
        What is kept of each image.
    replies
        Whether the replies' bytes are kept.
    share
        Of the requests that are recorded, whatever they say.
    strict
        Whether a request that cannot be recorded is refused.
    pack
        Makes bytes of what explainers read, where that is kept.

    """

    offer: Offer
    model: str
    keep: Keep
    replies: bool
    share: float
    strict: bool
    pack: Pack | None = None

    def observe(self, told: Told) -> None:
        """Record one answer.

        Raises
        ------
        LedgerFullError
            When it is not taken, and must be recorded; the message says why.

        """
        if told.options.explain == "none":
            return
        outcome = told.answered.outcome
        sampled = is_sampled(told.arrival.request_id, self.share)
        if not sampled and not outcome.disagreeing and outcome.status not in _ALWAYS:
            return
        refusal = self.offer(self._decision(told, sampled=sampled))
        if refusal is not None and self.strict:
            raise LedgerFullError(f"{_REFUSED[refusal]}, and every request must be recorded.")

    def _decision(self, told: Told, *, sampled: bool) -> Decision:
        arrival, outcome = told.arrival, told.answered.outcome
        return Decision(
            id=arrival.request_id,
            tenant=arrival.tenant,
            at=time.time(),
            client_id=arrival.client_id,
            trace_id=arrival.trace_id,
            model=self.model,
            options=options_text(told.options),
            disclosure=told.disclosure,
            predicted=outcome.predicted,
            label=outcome.label,
            confidence=outcome.confidence,
            status=outcome.status,
            carrier=outcome.carrier,
            agrees=outcome.agrees,
            first=outcome.first,
            outside=outcome.outside,
            disagreeing=outcome.disagreeing,
            nearest=outcome.nearest,
            image_sha256=told.picture.sha256(told.image),
            decode_us=told.decode_us,
            infer_us=outcome.infer_us,
            neighbours_us=outcome.neighbours_us,
            explain_us=outcome.explain_us,
            cited=outcome.cited,
            reply=told.answered.body if self.replies else None,
            kept=self._kept(told),
            sampled=sampled,
        )

    def _kept(self, told: Told) -> Kept | None:
        if self.keep == "nothing":
            return None
        activations = told.answered.activations
        if self.keep == "activations" and self.pack is not None and activations is not None:
            return Kept("activations", self.pack(activations))
        picture = told.picture
        data = picture.data if isinstance(picture, EncodedPicture) else None
        return keep_picture(self.keep, data, told.image)


@functools.lru_cache(maxsize=256)
def options_text(options: ReplyOptions) -> str:
    """Write options as canonical JSON."""
    return orjson.dumps(options, option=orjson.OPT_SORT_KEYS).decode()
