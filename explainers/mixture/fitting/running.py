"""A chain under way: where it stands, and all that it keeps."""

import dataclasses
import sys
from typing import Self, final

import numpy as np

from explainers.arrays import IntArray
from explainers.mixture.fitting.averages import Averages
from explainers.mixture.fitting.convergence import Moments, statistics_of
from explainers.mixture.fitting.relabelling import closest_order, relabelled
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.sweep import Swept


@final
@dataclasses.dataclass(eq=False)
class Running:
    """What a chain needs to go on, of a size that does not depend on how far it is.

    The first half of the sweeps is burn-in. The draw of the highest posterior of the second
    half of the burn-in is the reference; every later draw is relabelled by it and summed up.

    Attributes
    ----------
    sweeps
        How many sweeps the chain is to have.
    done
        How many it has had.
    state
        Its last draw, as the sampler labels it.
    best
        The highest log posterior met in the second half of the burn-in.
    reference
        Shape (rows). The components of the rows in that draw.
    averages
        The sums over the relabelled draws.
    first, second
        The label-invariant statistics of the two halves of what is kept.

    """

    sweeps: int
    done: int
    state: State
    best: float
    reference: IntArray
    averages: Averages
    first: Moments
    second: Moments

    @classmethod
    def begin(cls, state: State, sweeps: int) -> Self:
        """Start a chain of so many sweeps at a state."""
        components, columns = state.b.shape
        averages = Averages.none(components, columns, len(state.z))
        lowest = -sys.float_info.max
        return cls(sweeps, 0, state, lowest, state.z, averages, Moments.none(), Moments.none())

    @property
    def burn_in(self) -> int:
        """How many sweeps are thrown away."""
        return self.sweeps // 2

    @property
    def mean_log_likelihood(self) -> float:
        """The mean log-likelihood of what is kept."""
        return float(np.mean([self.first.mean[0], self.second.mean[0]]))

    def take(self, swept: Swept) -> None:
        """Move on by one sweep; its log-likelihood is that of the state that entered it."""
        if self.done >= self.burn_in:
            self._compare(swept)
            order = closest_order(self.reference, swept.state.z, len(swept.state.s2))
            self.averages.add(relabelled(swept.state, order))
        elif self.done >= self.burn_in // 2 and swept.log_posterior > self.best:
            self.best, self.reference = swept.log_posterior, swept.state.z
        self.state = swept.state
        self.done += 1

    def _compare(self, swept: Swept) -> None:
        half = (self.sweeps - self.burn_in) // 2
        at = self.done - self.burn_in
        values = statistics_of(self.state, swept.log_likelihood)
        if at < half:
            self.first = self.first.with_one(values)
        elif at < 2 * half:
            self.second = self.second.with_one(values)
