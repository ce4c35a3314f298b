"""What became of one request, beside the reply: for whoever records and watches."""

import dataclasses
from typing import final

from explainers.activations import Activations
from explainers.evidence import Citation


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one reply that are recorded, counted and watched.

    Attributes
    ----------
    predicted, label, confidence
        The network's class, and its softmax.
    status, carrier, agrees
        As in the reply's explanation; None where there is none.
    first
        The method of first choice; None where no method with regions ran.
    outside
        Whether the support test rejects the image; None where it was not asked.
    disagreeing
        Whether some evidence names another class than the network.
    nearest
        The distance to the nearest representative, unrounded; None where none was sought.
    cited
        What the reply went through and shows, each once: leaves, polytopes, attributes,
        components, training images, and the cluster of the nearest representative.
    infer_us, neighbours_us, explain_us
        How long the steps took, in microseconds.

    """

    predicted: int
    label: str
    confidence: float
    status: str | None = None
    carrier: str | None = None
    agrees: bool | None = None
    first: str | None = None
    outside: bool | None = None
    disagreeing: bool = False
    nearest: float | None = None
    cited: tuple[Citation, ...] = ()
    infer_us: int = 0
    neighbours_us: int = 0
    explain_us: int = 0


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """A reply and its outcome; `outcome` speaks of nothing that `body` does not hold.

    `activations` are what both were made from, for who keeps them.
    """

    body: bytes
    outcome: Outcome
    activations: Activations | None = None
