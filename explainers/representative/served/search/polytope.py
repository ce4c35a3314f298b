"""The representative interpretation of one image: a convex polytope of its class."""

import dataclasses
from collections.abc import Callable
from typing import final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.representative.served.search.bitsets import Bits, pack
from explainers.representative.served.search.boundaries import Boundaries, Seed
from explainers.representative.served.search.cover import greedy_cover, prune
from explainers.representative.served.search.growth import Gathered, Growth
from explainers.representative.served.search.references import References
from explainers.representative.served.search.settings import SearchSettings
from explainers.representative.served.search.tail import Tail


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """A polytope around an image, and how it was come by: P(x) of the paper.

    Attributes
    ----------
    predicted
        The class of the image, and of all but `tau` of the references inside.
    facets
        Its boundaries, in the order in which they were chosen; none at all where every
        reference is predicted as the image is, and the polytope is then all of space.
    members
        Shape (words). The references inside, as packed bits.
    tau
        How many of them are predicted as another class.
    gathered
        How many boundaries there were to choose from: |Q| without the failed and the same.
    chosen
        How many were chosen, before any was dropped.
    drawn, failed
        How many searches there were, and how many of them failed.
    rounds
        In how many rounds; more than one where Q was enlarged.
    violations
        On how many of the boundaries gathered the image lay on the side of another class.

    """

    predicted: int
    facets: Boundaries
    members: Bits
    tau: int
    gathered: int
    chosen: int
    drawn: int
    failed: int
    rounds: int
    violations: int

    @property
    def normals(self) -> DoubleArray:
        """Give the facets' normals, shape (facets, units), towards the inside."""
        return self.facets.normals

    @property
    def offsets(self) -> DoubleArray:
        """Give the facets' offsets, shape (facets)."""
        return self.facets.offsets

    @property
    def guarded(self) -> IntArray:
        """Give the class that each facet guards against, shape (facets)."""
        return self.facets.second

    def inside(self, points: DoubleArray) -> BoolArray:
        """Say of points (points, units) which are inside, shape (points)."""
        inside: BoolArray = np.all(self.facets.values(points) > 0.0, axis=1)
        return inside


def find_polytope(
    tail: Tail,
    references: References,
    seed: Seed,
    rng: np.random.Generator,
    settings: SearchSettings,
    late: Callable[[], bool] | None = None,
) -> Found | None:
    """Find a polytope with many references, none of another class than the seed's.

    Parameters
    ----------
    tail
        The network above boundary space.
    references
        What is counted; the seed need not be one of them.
    seed
        The image that is explained.
    rng
        Where the searches' targets come from.
    settings
        How to search.
    late
        Asked before Q is enlarged by another round.

    Returns
    -------
    The polytope, or None where it got late. Its `tau` is the number of references of
    another class inside all of Q: no choice from Q has fewer, and this one has no more.

    """
    grown = Growth(tail, references, seed, settings).run(rng, late)
    if grown is None:
        return None
    gathered, rounds = grown
    other = pack(references.predicted != seed.predicted)
    chosen, kept = _choose(gathered, other, settings)
    return Found(
        predicted=seed.predicted,
        facets=gathered.boundaries.take(np.array(kept, dtype=np.int64)),
        members=_members(gathered.cuts[kept], len(references)),
        tau=gathered.tau,
        gathered=len(gathered.boundaries),
        chosen=len(chosen),
        drawn=gathered.drawn,
        failed=gathered.failed,
        rounds=rounds,
        violations=int(gathered.boundaries.flipped.sum()),
    )


def _choose(
    gathered: Gathered, other: Bits, settings: SearchSettings
) -> tuple[list[int], list[int]]:
    """Give the boundaries that were chosen, and those that were kept of them."""
    cuts_d, cuts_s = gathered.cuts & other, gathered.cuts & ~other
    needed = other & ~gathered.wrong
    chosen = (settings.solver or greedy_cover)(cuts_d, cuts_s, needed)
    return chosen, prune(chosen, cuts_d, needed) if settings.prune else chosen


def _members(cuts: Bits, images: int) -> Bits:
    everything = pack(np.ones(images, dtype=np.bool_))
    members: Bits = everything & ~np.bitwise_or.reduce(cuts, axis=0)
    return members
