"""Heads and boundaries that are known in advance, for the tests of the search."""

import itertools

import numpy as np

from explainers.arrays import DoubleArray
from explainers.representative.served.search import (
    Bits,
    Boundaries,
    DenseTail,
    References,
    pack,
)


def sets(*rows: str) -> tuple[Bits, Bits, Bits]:
    """Give cuts_d, cuts_s and all that can be cut, from rows such as ``"d1 d2 s1"``."""
    flags = np.zeros((len(rows), 16), dtype=np.bool_)
    for number, row in enumerate(rows):
        for image in row.split():
            flags[number, int(image[1:]) - 1 + (8 if image[0] == "d" else 0)] = True
    other = np.arange(16) >= 8
    cuts_d, cuts_s = pack(flags & other), pack(flags & ~other)
    return cuts_d, cuts_s, np.bitwise_or.reduce(cuts_d, axis=0)


def random_sets(rng: np.random.Generator, boundaries: int, images: int) -> tuple[Bits, Bits, Bits]:
    """Give random cuts of as many images of another class as of the same."""
    cuts_d = pack(rng.random((boundaries, images)) < rng.uniform(0.1, 0.6))
    cuts_s = pack(rng.random((boundaries, images)) < rng.uniform(0.02, 0.4))
    return cuts_d, cuts_s, np.bitwise_or.reduce(cuts_d, axis=0)


def random_tail(rng: np.random.Generator, widths: tuple[int, ...], slope: float = 0.0) -> DenseTail:
    """Give dense layers with random weights; the last width is the number of classes."""
    pairs = list(itertools.pairwise(widths))
    return DenseTail(
        weights=tuple(rng.normal(size=(after, before)) / before**0.5 for before, after in pairs),
        biases=tuple(rng.normal(size=after) * 0.3 for _, after in pairs),
        slopes=(slope,) * len(pairs),
    )


def references_of(tail: DenseTail, rng: np.random.Generator, images: int) -> References:
    """Give random points with the classes that the head gives them."""
    points = rng.normal(size=(images, tail.weights[0].shape[1])).astype(np.float32)
    return References(points, tail.logits(points.astype(np.float64)).argmax(axis=1))


def half_plane() -> DenseTail:
    """Give a head of two classes that is affine: class 0 is where the first unit is positive."""
    return DenseTail((np.array([[1.0, 0.0], [-1.0, 0.0]]),), (np.zeros(2),), (1.0,))


def boundaries_of(normals: DoubleArray, offsets: DoubleArray) -> Boundaries:
    """Give planes with these functionals, all between the classes 0 and 1."""
    zeros = np.zeros(len(offsets), dtype=np.int64)
    return Boundaries(normals, offsets, zeros, zeros + 1, zeros.astype(np.bool_))


def polygon(
    centre: tuple[float, float], radius: float, sides: int
) -> tuple[DoubleArray, DoubleArray]:
    """Give a regular polygon as ``normals @ z <= offsets``."""
    angles = 0.3 + 2.0 * np.pi * np.arange(sides) / sides
    normals = np.column_stack([np.cos(angles), np.sin(angles)])
    return normals, normals @ np.array(centre) + radius


def pentagon_and_island() -> tuple[DenseTail, DoubleArray]:
    """Give a head whose class 0 is a pentagon at the origin and a far island, and its sides.

    With v = 50 * sum of relu(normal @ z - offset) for either, ``G_0 = 1 - min(v_A, v_B)`` and
    ``G_1 = 0``; the minimum is ``v_A - relu(v_A - v_B)``.
    """
    sides, offsets = polygon((0.0, 0.0), 0.8, 5)
    shores, far = polygon((2.2, 2.2), 0.3, 4)
    steep_a = 50.0 * np.array([1.0] * 5 + [0.0] * 4)
    steep_b = 50.0 * np.array([0.0] * 5 + [1.0] * 4)
    tail = DenseTail(
        weights=(
            np.vstack([sides, shores]),
            np.vstack([steep_a, steep_a - steep_b]),
            np.array([[-1.0, 1.0], [0.0, 0.0]]),
        ),
        biases=(-np.concatenate([offsets, far]), np.zeros(2), np.array([1.0, 0.0])),
        slopes=(1.0, 0.0, 0.0),
    )
    return tail, sides
