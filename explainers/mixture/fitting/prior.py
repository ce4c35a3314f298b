"""The prior of the mixture, in the paper's symbols."""

import dataclasses
from typing import final

from explainers.errors import FittingError


@final
@dataclasses.dataclass(frozen=True)
class Prior:
    """Everything that the sampler does not learn.

    Attributes
    ----------
    components
        J, where the stick-breaking is cut off.
    nets
        K, how many elastic nets the components choose from.
    e, f
        ``alpha ~ Gamma(e, rate f)``.
    a, b
        ``s2_j ~ InverseGamma(a, b)``.
    big_l, big_r, v
        L, R and v: ``l1_k ~ Gamma(L, rate v/2)``, ``l2_k ~ Gamma(R, rate v/2)``.
    intercept
        V_0: a component's intercept is Normal(0, s2_j V_0), without a penalty; 0 for none.

    """

    components: int = 20
    nets: int = 3
    e: float = 1.0
    f: float = 1.0
    a: float = 0.5
    b: float = 0.5
    big_l: float = 1.0
    big_r: float = 4.0
    v: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        positive = (self.e, self.f, self.a, self.b, self.big_l, self.big_r, self.v)
        if self.components < 1 or self.nets < 1 or min(positive) <= 0.0 or self.intercept < 0.0:
            raise FittingError(
                "the prior needs one component and one net or more, and positive e, f, a, b, L, "
                f"R, v, but is {self}"
            )
