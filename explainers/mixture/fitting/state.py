"""One draw of everything that the sampler learns."""

import dataclasses
from typing import final

from explainers.arrays import DoubleArray, IntArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class State:
    """Where a chain stands, in the paper's symbols.

    Attributes
    ----------
    z
        Shape (rows). The component of each row.
    log_pi
        Shape (components). Logarithms of the stick-breaking weights.
    alpha
        The concentration.
    b
        Shape (components, columns). Coefficients; the intercept is the last, where there is one.
    s2
        Shape (components). Noise variances.
    c
        Shape (components). Which net each component uses.
    w
        Shape (nets). How probable each net is.
    l1, l2
        Shape (nets). The penalties.
    tau
        Shape (components, penalised). The mixing scales, in (0, 1).

    """

    z: IntArray
    log_pi: DoubleArray
    alpha: float
    b: DoubleArray
    s2: DoubleArray
    c: IntArray
    w: DoubleArray
    l1: DoubleArray
    l2: DoubleArray
    tau: DoubleArray
