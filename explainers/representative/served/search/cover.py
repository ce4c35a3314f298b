"""Algorithm 1: choose few boundaries that cut off every image of another class."""

import numpy as np

from explainers.arrays import DoubleArray
from explainers.errors import FittingError
from explainers.representative.served.search.bitsets import Bits, count

# They break ties between boundaries that lose nothing: towards the one that cuts most.
_LOST, _CUT = 1e-5, 1e-10


def greedy_cover(cuts_d: Bits, cuts_s: Bits, needed: Bits) -> list[int]:
    """Choose the boundary with the fewest own images lost per other image cut, and again.

    Every ratio is made afresh at each step: both its parts shrink as boundaries are chosen,
    so a stale one bounds nothing and a queue of them would choose wrongly. Ties go to the
    lowest index. There is no promise on the distance from the optimum; see `prune`.

    Parameters
    ----------
    cuts_d
        Shape (boundaries, words). The images of another class that each cuts off.
    cuts_s
        Shape (boundaries, words). The images of the same class that each loses.
    needed
        Shape (words). The images that must be cut off: those that all boundaries together
        cut off, so that tau(x) stay.

    Returns
    -------
    The indices of the chosen boundaries, in the order in which they were chosen.

    Raises
    ------
    FittingError
        When no boundary cuts off an image that is needed.

    References
    ----------
    Lam et al., Finding representative interpretations on convolutional neural networks,
    ICCV 2021, Algorithm 1; the tie rule is that of the same group's code.

    """
    left_d, left_s = cuts_d & needed, cuts_s.copy()
    missing = int(count(needed))
    chosen = list[int]()
    while missing:
        cut = count(left_d)
        best = int(_ratios(count(left_s), cut).argmin()) if len(cut) else -1
        if best < 0 or not cut[best]:
            raise FittingError(
                f"no boundary cuts off {missing} of the images that must be cut off: ask only for "
                "what all boundaries together cut off"
            )
        chosen.append(best)
        missing -= int(cut[best])
        left_d &= ~left_d[best]
        left_s &= ~left_s[best]
    return chosen


def _ratios(lost: np.ndarray, cut: np.ndarray) -> DoubleArray:
    """Give own images lost per other image cut; infinite where none is."""
    ratios: DoubleArray = (lost + _LOST) / (cut + _CUT)
    return np.where(cut > 0, ratios, np.inf)


def prune(chosen: list[int], cuts_d: Bits, needed: Bits) -> list[int]:
    """Drop, in the order chosen, each boundary that the rest do not need.

    What is dropped can only bring own images back inside, so they need no look.

    References
    ----------
    The clean-up in the code of the paper's group (RCExplainer, NeurIPS 2021). Departure:
    theirs drops a boundary only where both counts, that of own images too, stay unchanged;
    here one is dropped whenever no image of another class returns.
    """
    kept = list(chosen)
    for boundary in chosen:
        rest = [other for other in kept if other != boundary]
        together = np.bitwise_or.reduce(cuts_d[rest], axis=0)
        if not np.any(needed & ~together):
            kept = rest
    return kept
