"""Shares of the last requests, beside those of the reference; to look at, never a test."""

import dataclasses
from typing import Final, final

import numpy as np
from sqlalchemy import Connection

from explainers.arrays import IntArray
from reasoned.drift.citations import CitedPlaces
from reasoned.drift.e_detector import Batch
from reasoned.drift.reference import OTHER, Family, Reference
from reasoned.drift.rows import Rows, latest
from reasoned.drift.signals import Signals

LAST: Final = 5000


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """How often something was cited, or a class was given.

    Attributes
    ----------
    kind
        The kind of citation, or ``class_mix``.
    key
        Which one; ``other`` for all that the reference never saw.
    reference, live
        Shares of the reference's images, and of the last requests.
    n
        The number of the last requests.

    """

    kind: str
    key: str
    reference: float
    live: float
    n: int


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Live:
    """The last requests, as the detectors see them."""

    signals: Signals
    rows: Rows
    batch: Batch

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.rows)

    def counts(self) -> IntArray:
        """Give how many requests each member was hit by; shape (members)."""
        return np.bincount(self.batch.hits, minlength=len(self.signals.bank))

    def one_hot(self) -> list[tuple[Family, int]]:
        """Give the families of shares, and the place of the first member of each."""
        firsts = self.signals.bank.starts.tolist()
        told = self.signals.bank.measured
        pairs = zip(self.signals.families, firsts, strict=True)
        return [(family, first) for family, first in pairs if first >= told]

    def shares(self) -> tuple[Share, ...]:
        """Give every share that is watched."""
        if not self.n:
            return ()
        counts = self.counts().tolist()
        return tuple(
            Share(
                family.kind or family.name,
                OTHER if member.key is None else member.key,
                member.share,
                counts[first + place] / self.n,
                self.n,
            )
            for family, first in self.one_hot()
            for place, member in enumerate(family.members)
            if member.side == "above"
        )


def read_live(connection: Connection, reference: Reference, most: int = LAST) -> Live:
    """Read the last requests that count."""
    signals = Signals.of(reference.record, 1.0)
    rows = latest(connection, reference.model, CitedPlaces(signals), None, most)
    return Live(signals, rows, signals.batch(rows.requests))
