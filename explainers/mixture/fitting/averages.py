"""Running sums over draws: their size does not depend on how many there were."""

import dataclasses
from typing import Self, final

import numpy as np

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from explainers.errors import FittingError
from explainers.mixture.fitting.convergence import OCCUPIED
from explainers.mixture.fitting.state import State

MOST_PAIRED_ROWS = 1_000
PAIRED_EVERY = 5  # neighbouring draws hardly differ, and a million pairs cost a millisecond


@final
@dataclasses.dataclass(eq=False)
class Averages:
    """Sums over relabelled draws.

    A component without rows is a draw from the prior, whose variance has no mean: what is
    said of a component is summed over the draws in which it held more than 1 % of the rows.

    Attributes
    ----------
    draws, paired_draws
        How many draws came by, and how many are in `together`.
    held
        Shape (components, components). In how many draws both components held more than 1 %
        of the rows; on the diagonal, in how many one did.
    b, b_squared, b_positive
        Shape (components, columns). Of the coefficients, their squares, and of b > 0.
    log_s2, log_l1, log_l2
        Shape (components). Of the logarithms of s2_j and of the penalties of the
        component's net.
    pi, share
        Shape (components). Of pi_j and of the share of rows, over all draws.
    same_net
        Shape (components, components). How often two components that held rows used one net.
    rows
        Shape (paired rows). Which rows are followed in pairs, at most 1,000.
    together
        Shape (paired rows, paired rows). How often two rows shared a component.

    """

    draws: int
    paired_draws: int
    held: DoubleArray
    b: DoubleArray
    b_squared: DoubleArray
    b_positive: DoubleArray
    log_s2: DoubleArray
    log_l1: DoubleArray
    log_l2: DoubleArray
    pi: DoubleArray
    share: DoubleArray
    same_net: DoubleArray
    rows: IntArray
    together: FloatArray

    @classmethod
    def none(cls, components: int, columns: int, rows: int) -> Self:
        """Start with nothing."""
        paired = np.unique(np.linspace(0, rows - 1, min(rows, MOST_PAIRED_ROWS)).astype(np.int64))
        pairs, vector = (components, components), np.zeros(components)
        coefficients = np.zeros((components, columns))
        return cls(
            draws=0,
            paired_draws=0,
            held=np.zeros(pairs),
            b=coefficients,
            b_squared=coefficients.copy(),
            b_positive=coefficients.copy(),
            log_s2=vector,
            log_l1=vector.copy(),
            log_l2=vector.copy(),
            pi=vector.copy(),
            share=vector.copy(),
            same_net=np.zeros(pairs),
            rows=paired,
            together=np.zeros((len(paired), len(paired)), dtype=np.float32),
        )

    def add(self, state: State) -> None:
        """Take in one draw, whose components are already in the reference's order."""
        share = np.bincount(state.z, minlength=len(self.pi)) / len(state.z)
        held = share > OCCUPIED
        self.pi += np.exp(state.log_pi)
        self.share += share
        self.held += np.outer(held, held)
        self.same_net += np.outer(held, held) & (state.c[:, None] == state.c)
        self.b[held] += state.b[held]
        self.b_squared[held] += state.b[held] ** 2
        self.b_positive[held] += state.b[held] > 0.0
        self.log_s2[held] += np.log(state.s2[held])
        self.log_l1[held] += np.log(state.l1[state.c[held]])
        self.log_l2[held] += np.log(state.l2[state.c[held]])
        if self.draws % PAIRED_EVERY == 0:
            followed = state.z[self.rows]
            self.together += followed[:, None] == followed
            self.paired_draws += 1
        self.draws += 1

    def plus(self, other: Self, order: IntArray) -> Self:
        """Pool with another chain's sums, whose component ``order[i]`` is called i here.

        Raises
        ------
        FittingError
            When the other chain is of other rows or of another size.

        """
        if self.b.shape != other.b.shape or not np.array_equal(self.rows, other.rows):
            raise FittingError(
                f"averages over {self.b.shape} coefficients and {len(self.rows)} rows cannot be "
                f"pooled with averages over {other.b.shape} and {len(other.rows)}"
            )
        mine, theirs = self.arrays(), other.arrays()
        pairs = np.ix_(order, order)
        moved = {name: theirs[name][order] for name in mine if name not in _PAIRED}
        moved |= {"held": other.held[pairs], "same_net": other.same_net[pairs]}
        moved["together"] = other.together
        return dataclasses.replace(
            self,
            draws=self.draws + other.draws,
            paired_draws=self.paired_draws + other.paired_draws,
            **{name: mine[name] + values for name, values in moved.items()},
        )

    def arrays(self) -> dict[str, AnyArray]:
        """Give the arrays by name: what a checkpoint holds."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value for name, value in fields.items() if isinstance(value, np.ndarray)}

    @property
    def times_held(self) -> DoubleArray:
        """Shape (components). In how many draws each held rows, 1 for never: a divisor."""
        return np.maximum(np.diagonal(self.held), 1.0)

    @property
    def mean(self) -> DoubleArray:
        """Shape (components, columns). The posterior means of the coefficients."""
        return np.asarray(self.b / self.times_held[:, None])

    @property
    def deviation(self) -> DoubleArray:
        """Shape (components, columns). The posterior standard deviations."""
        variance = self.b_squared / self.times_held[:, None] - self.mean**2
        return np.sqrt(np.maximum(variance, 0.0))


_PAIRED = ("held", "same_net", "rows", "together")
