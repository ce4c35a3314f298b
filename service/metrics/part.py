"""One answered image, as far as it is counted, logged and traced."""

import dataclasses
import time
from typing import Self, final

from reasoned.reply.outcome import Outcome
from service.telling import Told


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What became of one image of a request, without the image.

    Attributes
    ----------
    outcome
        As the model says it.
    decode_us, store_us
        How long decoding it and handing it to the ledger took, in microseconds; None where
        nothing was handed on.
    answered
        The reading of `time.perf_counter` when the answer was there, before it was stored.

    """

    outcome: Outcome
    decode_us: int
    store_us: int | None
    answered: float

    @classmethod
    def of(cls, told: Told, answered: float | None = None) -> Self:
        """Take what is wanted of an answer; with `answered`, it was stored since then."""
        now = time.perf_counter()
        if answered is None:
            return cls(told.answered.outcome, told.decode_us, None, now)
        return cls(told.answered.outcome, told.decode_us, round(1e6 * (now - answered)), answered)
