"""On which side of each boundary every reference image lies."""

from collections.abc import Iterator

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray
from explainers.representative.served.search.bitsets import WORD, Bits, pack
from explainers.representative.served.search.boundaries import Boundaries
from explainers.representative.served.search.references import References

# Values in float32 are right to about 1e-6 of the terms that are summed.
NEAR = 1e-4
_VALUES_AT_ONCE = 1 << 18
_UNITS_AT_ONCE = 1 << 21


def cut_sets(boundaries: Boundaries, references: References) -> Bits:
    """Give the references that each boundary cuts off from the seed.

    A value is made in float32, of the functional scaled to unit length, and again in
    float64 where it is near zero. A point exactly on a boundary is cut off, whichever side
    the seed is on: a polytope is open.

    Returns
    -------
    Shape (boundaries, words). A bit is set where the reference is not inside.

    """
    if not len(boundaries):
        return pack(np.zeros((0, len(references)), dtype=np.bool_))
    lengths = np.linalg.norm(boundaries.normals, axis=1)
    normals, offsets = boundaries.normals / lengths[:, None], boundaries.offsets / lengths
    near = (NEAR * (references.reach + np.abs(offsets))).astype(np.float32)[:, None]
    single = normals.astype(np.float32), offsets.astype(np.float32)[:, None]
    packed = []
    for points in _blocks(references.points, len(boundaries)):
        values = single[0] @ points.T  # (boundaries, images)
        values += single[1]
        cut = values <= 0.0
        # Ten times as fast on a flat array as with two axes.
        flat = np.flatnonzero(np.abs(values, out=values) < near)
        doubtful = np.divmod(flat, len(points))
        cut[doubtful] = _exactly_cut(normals, offsets, points, doubtful)
        packed.append(pack(cut))
    return np.concatenate(packed, axis=1)


def _blocks(points: FloatArray, boundaries: int) -> Iterator[FloatArray]:
    """Go through the rows in blocks that stay small; all but the last fill whole words."""
    most = min(_VALUES_AT_ONCE // boundaries, _UNITS_AT_ONCE // points.shape[1])
    rows = max(most // WORD, 1) * WORD
    for start in range(0, len(points), rows):
        yield np.asarray(points[start : start + rows], dtype=np.float32)


def _exactly_cut(
    normals: DoubleArray, offsets: DoubleArray, points: FloatArray, pairs: tuple[np.ndarray, ...]
) -> BoolArray:
    """Say in float64 of some pairs (boundary, point) whether the point is not inside."""
    cut = np.empty(len(pairs[0]), dtype=np.bool_)
    at_once = max(_UNITS_AT_ONCE // normals.shape[1], 1)
    for start in range(0, len(cut), at_once):
        boundary, point = (part[start : start + at_once] for part in pairs)
        exact = np.einsum("pu,pu->p", normals[boundary], points[point].astype(np.float64))
        cut[start : start + at_once] = ~(exact + offsets[boundary] > 0.0)
    return cut
