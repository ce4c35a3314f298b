"""The shares of each kind, with how far they can be trusted."""

import dataclasses
from itertools import groupby
from typing import final

from reasoned.drift.display import LEAST, LEAST_PER_CELL, Display, Divergence
from reasoned.drift.live import Share


@final
@dataclasses.dataclass(frozen=True, slots=True)
class KindShares:
    """The shares of one kind.

    Attributes
    ----------
    kind
        As in `Share`.
    n
        The number of the last requests.
    wanted
        How many it takes to read anything from them.
    divergence
        None where a request may have several of the kind.
    shares
        Those that changed most come first.

    """

    kind: str
    n: int
    wanted: int
    divergence: Divergence | None
    shares: tuple[Share, ...]

    @property
    def grey(self) -> bool:
        """Whether there are too few requests."""
        return self.n < self.wanted


def by_kind(shown: Display) -> tuple[KindShares, ...]:
    """Sort shares by kind."""
    far = {one.name: one for one in shown.divergences}
    return tuple(
        _kind(kind, tuple(some), far.get(kind))
        for kind, some in groupby(shown.shares, key=lambda share: share.kind)
    )


def _kind(kind: str, shares: tuple[Share, ...], far: Divergence | None) -> KindShares:
    """Put one kind together; a share on its own has two cells, and needs no more than `LEAST`."""
    cells = 2 if far is None else far.cells
    order = sorted(shares, key=lambda one: -abs(one.live - one.reference))
    return KindShares(kind, shares[0].n, max(LEAST, LEAST_PER_CELL * cells), far, tuple(order))
