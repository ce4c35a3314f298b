"""The best choice of boundaries there is, by integer programming: the greedy one's oracle."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from explainers.arrays import BoolArray, DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.representative.served.search import Bits, prune, unpack


def exact_cover(cuts_d: Bits, cuts_s: Bits, needed: Bits) -> list[int]:
    """Choose boundaries that cut off all that is needed and lose the fewest own images.

    A binary variable says of each boundary whether it is chosen, and a continuous one of
    each group of own images whether it is lost::

        minimise    sum over groups of images(group) * lost(group)
        so that     sum of chosen(h) over h cutting d  >=  1          for each needed d
                    lost(group) >= chosen(h)                          for each h cutting it

    Images that the same boundaries cut are one group, and an image need not be asked for
    when another one asks for less. Boundaries that the rest do not need are left out.

    Parameters
    ----------
    cuts_d, cuts_s, needed
        As in `greedy_cover`.

    Returns
    -------
    The indices of the chosen boundaries, ascending.

    Raises
    ------
    FittingError
        When no choice cuts off all that is needed, or the solver gives up.

    """
    rows = _least(_signatures(cuts_d & needed, _flags(needed))[0])  # (asked, boundaries)
    if not len(rows):
        return []
    if not rows.any(axis=1).all():
        raise FittingError(
            "no boundary cuts off an image that must be cut off: ask only for what all boundaries "
            "together cut off"
        )
    groups, images = _signatures(cuts_s, np.bitwise_or.reduce(_flags(cuts_s), axis=0))
    chosen = _solve(rows, groups, images)
    return prune(chosen, cuts_d, needed)


def _flags(bits: Bits) -> BoolArray:
    return unpack(bits, 64 * bits.shape[-1])


def _signatures(cuts: Bits, wanted: BoolArray) -> tuple[BoolArray, IntArray]:
    """Give which boundaries cut an image, for each different case, and how often it comes.

    Returns
    -------
    signatures
        Shape (signatures, boundaries).
    images
        Shape (signatures).

    """
    signatures, images = np.unique(_flags(cuts)[:, wanted].T, axis=0, return_counts=True)
    return signatures, images.astype(np.int64)


def _least(rows: BoolArray) -> BoolArray:
    """Leave out each row that holds all of another: meeting that one meets it too."""
    kept = list[BoolArray]()
    for row in rows[np.argsort(rows.sum(axis=1), kind="stable")]:
        if not any(np.array_equal(other & row, other) for other in kept):
            kept.append(row)
    return np.array(kept, dtype=np.bool_).reshape(len(kept), rows.shape[1])


def _solve(rows: BoolArray, groups: BoolArray, images: IntArray) -> list[int]:
    boundaries, lost = rows.shape[1], len(groups)
    asked = csr_array(np.hstack([rows, np.zeros((len(rows), lost), dtype=np.bool_)]).astype(float))
    constraints = [LinearConstraint(asked, lb=1.0)]
    if lost:
        constraints.append(LinearConstraint(_losses(groups), lb=0.0))
    found = milp(
        c=np.concatenate([np.zeros(boundaries), images]),
        integrality=np.concatenate([np.ones(boundaries), np.zeros(lost)]),
        bounds=Bounds(0.0, 1.0),
        constraints=constraints,
        # The default stops at 1e-4 of the optimum, which is half an image in five thousand.
        options={"mip_rel_gap": 0.0},
    )
    if not found.success:
        raise FittingError(f"the exact choice of boundaries was not found: {found.message}")
    values: DoubleArray = found.x[:boundaries]
    return np.flatnonzero(values > 0.5).tolist()


def _losses(groups: BoolArray) -> csr_array[np.float64]:
    """Give the rows of ``lost(group) - chosen(boundary) >= 0``, one for each cut."""
    group, boundary = np.nonzero(groups)
    rows = np.arange(len(group))
    return csr_array(
        coo_array(
            (
                np.concatenate([np.ones(len(rows)), -np.ones(len(rows))]),
                (np.tile(rows, 2), np.concatenate([groups.shape[1] + group, boundary])),
            ),
            shape=(len(rows), groups.shape[1] + len(groups)),
        )
    )
