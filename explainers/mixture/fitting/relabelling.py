"""The labels of a draw, put in the order of a reference's."""

import dataclasses

import numpy as np
from scipy.optimize import linear_sum_assignment

from explainers.arrays import IntArray
from explainers.mixture.fitting.state import State


def overlaps(reference: IntArray, z: IntArray, components: int) -> IntArray:
    """Count the rows that each reference cluster shares with each cluster of a draw.

    Returns
    -------
    IntArray
        Shape (components, components): reference clusters down, the draw's across.

    """
    pairs = np.bincount(reference * components + z, minlength=components * components)
    return pairs.reshape(components, components)


def closest_order(reference: IntArray, z: IntArray, components: int) -> IntArray:
    """Find the order of a draw's components that comes closest to a reference's.

    The cost of calling the draw's component k by the reference's name i is how many members
    of i are not in k; the Hungarian method finds the cheapest naming.

    Parameters
    ----------
    reference, z
        Shape (rows). Components of the rows, in the reference and in the draw.
    components
        How many components there are.

    Returns
    -------
    IntArray
        Shape (components). The draw's component ``order[i]`` is the reference's i.

    References
    ----------
    Cron and West, Efficient classification-based relabeling in mixture models, The American
    Statistician 65(1), 2011.

    """
    shared = overlaps(reference, z, components)
    cost = shared.sum(axis=1, keepdims=True) - shared
    return np.asarray(linear_sum_assignment(cost)[1], dtype=np.int64)


def relabelled(state: State, order: IntArray) -> State:
    """Put everything of a draw that has an axis of components into another order."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return dataclasses.replace(
        state,
        z=place[state.z],
        log_pi=state.log_pi[order],
        b=state.b[order],
        s2=state.s2[order],
        c=state.c[order],
        tau=state.tau[order],
    )
