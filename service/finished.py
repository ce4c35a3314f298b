"""One HTTP request that is over, for those who count, log and trace."""

import dataclasses
from typing import final

from service.arrival import Arrival
from service.metrics.part import Part
from service.trace_parent import TraceParent


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """What became of one request.

    Attributes
    ----------
    arrival
        Who it was, and whose.
    route
        The template of its path; ``unmatched`` where nothing is served.
    method
        Its HTTP method; ``other`` for one that HTTP does not know.
    status
        What was answered; 499 where the client left before that.
    seconds
        How long it took.
    parts
        The images that were answered, in their order.
    parent
        The span that it is part of, if the client named one.

    """

    arrival: Arrival
    route: str
    method: str
    status: int
    seconds: float
    parts: tuple[Part, ...] = ()
    parent: TraceParent | None = None
