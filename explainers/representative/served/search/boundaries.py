"""Sample linear decision boundaries around a point, by searches towards other classes."""

import dataclasses
from typing import Self, final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.representative.served.search.tail import Tail

MOST_STEPS = 500
CLOSE = 1e-5
# Sides of a point this near a boundary, relative to the terms summed, are rounding.
_ON_IT = 1e-12
_DIGITS = 6


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Seed:
    """The image that is explained, in boundary space.

    Attributes
    ----------
    point
        Shape (units).
    predicted
        The class that the network gives.

    """

    point: DoubleArray
    predicted: int


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Boundaries:
    """Linear functionals of boundary space, each positive on the seed's own side.

    Attributes
    ----------
    normals
        Shape (boundaries, units). Raw gradients, not of unit length.
    offsets
        Shape (boundaries).
    first, second
        Shape (boundaries). The two classes whose logits are equal there; the first is the
        seed's, the second the one guarded against.
    flipped
        Shape (boundaries). Whether the sign was turned, because the seed lay on the other
        side of the plane than its class. It may, where the search ended in another linear
        piece than the seed's, and does for a few boundaries in ten thousand.

    """

    normals: DoubleArray
    offsets: DoubleArray
    first: IntArray
    second: IntArray
    flipped: BoolArray

    def __len__(self) -> int:
        return len(self.offsets)

    @classmethod
    def none(cls, units: int) -> Self:
        """Give no boundary at all."""
        classes = np.zeros(0, dtype=np.int64)
        return cls(np.zeros((0, units)), np.zeros(0), classes, classes, np.zeros(0, dtype=np.bool_))

    def take(self, positions: IntArray | BoolArray) -> Self:
        """Give some of them."""
        return type(self)(*(getattr(self, f.name)[positions] for f in dataclasses.fields(self)))

    def joined(self, other: Self) -> Self:
        """Give these and then the others."""
        names = [field.name for field in dataclasses.fields(self)]
        return type(self)(
            *(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names)
        )

    def values(self, points: DoubleArray) -> DoubleArray:
        """Give each functional at each point, shape (points, boundaries)."""
        return points @ self.normals.T + self.offsets

    def keys(self) -> list[bytes]:
        """Name each by its classes and its plane, to six digits: equal ones are the same.

        Pieces of different activation patterns may share a plane, and count once.
        """
        scales = np.abs(self.normals).max(axis=1, initial=0.0)
        planes = np.column_stack([self.normals, self.offsets]) / scales[:, None]
        # Adding zero turns a negative zero into a positive one.
        rounded = np.round(planes, _DIGITS) + 0.0
        pairs = np.column_stack([self.first, self.second])
        return [
            pair.tobytes() + plane.tobytes() for pair, plane in zip(pairs, rounded, strict=True)
        ]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Sampled:
    """What a batch of searches brought.

    Attributes
    ----------
    boundaries
        One per search that ended, in the order of the searches; some may be the same.
    crossings
        Shape (boundaries, units). Where those searches ended: each boundary's linear form
        is the network's own there.
    failed
        How many searches ended nowhere.
    steps
        How many points were put through the network.

    """

    boundaries: Boundaries
    crossings: DoubleArray
    failed: int
    steps: int


def sample_boundaries(tail: Tail, seed: Seed, negatives: FloatArray, weight: float) -> Sampled:
    """Search from the seed towards each negative, for a boundary of the seed's class.

    Parameters
    ----------
    tail
        The network above boundary space.
    seed
        Where every search starts.
    negatives
        Shape (searches, units). Images predicted as another class.
    weight
        How much of the near end is in the next point tried. 0.9 is cautious and tends to
        find the first crossing met on the way; 0.5 is plain bisection.

    References
    ----------
    The stopping rule is that of the paper's group (RCExplainer, NeurIPS 2021). Departure:
    a search that does not end in 500 steps fails, where their code has no end.

    """
    crossings, second, steps = _search(tail, seed, negatives, weight)
    if not len(crossings):
        return Sampled(Boundaries.none(len(seed.point)), crossings, len(negatives), steps)
    first = np.full_like(second, seed.predicted)
    normals, offsets = tail.local(crossings, first, second)
    raw = Boundaries(normals, offsets, first, second, np.zeros(len(second), dtype=np.bool_))
    oriented, usable = _oriented(raw, seed.point)
    failed = len(negatives) - int(usable.sum())
    return Sampled(oriented.take(usable), crossings[usable], failed, steps)


def _search(
    tail: Tail, seed: Seed, negatives: FloatArray, weight: float
) -> tuple[DoubleArray, IntArray, int]:
    """Give the points where the searches ended, the second class there, and the steps."""
    outer = negatives.astype(np.float64)
    inner = np.repeat(seed.point[None], len(outer), axis=0)
    rivals = np.full(len(outer), -1, dtype=np.int64)
    active, steps = np.arange(len(outer)), 0
    for _ in range(MOST_STEPS):
        between = weight * inner[active] + (1.0 - weight) * outer[active]
        steps += len(active)
        first, second, lead = _two_best(tail.logits(between))
        own = first == seed.predicted
        done = own & (lead * lead < CLOSE)
        inner[active[own]] = between[own]
        outer[active[~own]] = between[~own]
        rivals[active[done]] = second[done]
        active = active[~done]
        if not len(active):
            break
    ended = rivals >= 0
    return inner[ended], rivals[ended], steps


def _two_best(logits: DoubleArray) -> tuple[IntArray, IntArray, DoubleArray]:
    """Give the best class of each row, the second best, and the lead; ties to the lower."""
    rows = np.arange(len(logits))
    first = logits.argmax(axis=1)
    others = logits.copy()
    others[rows, first] = -np.inf
    second = others.argmax(axis=1)
    return first, second, logits[rows, first] - logits[rows, second]


def _oriented(raw: Boundaries, point: DoubleArray) -> tuple[Boundaries, BoolArray]:
    """Turn each so that the seed is on its positive side; say which do not go through it."""
    lengths = np.linalg.norm(raw.normals, axis=1)
    values = raw.values(point[None])[0]
    scales = lengths * np.linalg.norm(point) + np.abs(raw.offsets)
    # A comparison with NaN is false, so planes that are not finite fall out here too.
    usable = (lengths > 0.0) & (np.abs(values) > _ON_IT * scales) & (scales < np.inf)
    signs = np.where(values > 0.0, 1.0, -1.0)
    turned = Boundaries(
        raw.normals * signs[:, None], raw.offsets * signs, raw.first, raw.second, values < 0.0
    )
    return turned, usable
