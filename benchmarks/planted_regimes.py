"""How well chains find three planted regimes, beside an oracle that knows the parameters."""

import argparse
import dataclasses
import json
from typing import final

import numpy as np
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from explainers.arrays import DoubleArray, IntArray
from explainers.fitting_contract import silent
from explainers.mixture.fitting.chain import Plan
from explainers.mixture.fitting.chains import Task, sample_all
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.relabelling import closest_order
from explainers.mixture.fitting.summary import Posterior, assigned_rmse

ROWS, COLUMNS, COMPONENTS = 1_500, 60, 6
SHARES, ACTIVE, NOISE = (0.5, 0.3, 0.2), 6, 0.3
DATA_SEEDS, CHAIN_SEEDS = (0, 1), (0, 1)
SWEEPS = 1_500


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Regimes:
    """Planted data: the regression, and what it was made of.

    Attributes
    ----------
    regression
        The rows.
    z
        Shape (rows). The regime of each row.
    b
        Shape (regimes, columns). The coefficients.

    """

    regression: Regression
    z: IntArray
    b: DoubleArray

    @property
    def oracle_ari(self) -> float:
        """The adjusted Rand index of the best assignment under the true parameters."""
        squares = (self.regression.y[:, None] - self.regression.x @ self.b.T) ** 2
        scores = np.log(SHARES) - squares / (2.0 * NOISE**2)
        return float(adjusted_rand_score(self.z, np.argmax(scores, axis=1)))


@final
@dataclasses.dataclass(frozen=True)
class Found:
    """How well one posterior found the regimes.

    Attributes
    ----------
    occupied
        How many components hold more than 1 % of the rows.
    ari_gap
        The oracle's adjusted Rand index minus the posterior's.
    support_auc
        Of the coefficients' sizes against which ones are active, all regimes together.
    coefficient_error
        The length of the error over that of the coefficients, at worst.
    assigned_rmse
        The error of y under the final assignment.

    """

    occupied: int
    ari_gap: float
    support_auc: float
    coefficient_error: float
    assigned_rmse: float


def three_regimes(rng: np.random.Generator) -> Regimes:
    """Draw the data."""
    x = rng.standard_normal((ROWS, COLUMNS))
    z = rng.choice(len(SHARES), ROWS, p=SHARES)
    b = np.zeros((len(SHARES), COLUMNS))
    for own in b:
        where = rng.choice(COLUMNS, ACTIVE, replace=False)
        own[where] = rng.uniform(1.4, 2.6, ACTIVE) * rng.choice([-1.0, 1.0], ACTIVE)
    y = np.einsum("ip,ip->i", x, b[z]) + NOISE * rng.standard_normal(ROWS)
    return Regimes(Regression(x, y, intercept=False), z, b)


def compare(regimes: Regimes, posterior: Posterior) -> Found:
    """Compare a posterior with what was planted."""
    largest = closest_order(regimes.z, posterior.z, len(posterior.b))[: len(SHARES)]
    b = posterior.b[largest]
    errors = np.linalg.norm(b - regimes.b, axis=1) / np.linalg.norm(regimes.b, axis=1)
    return Found(
        occupied=int(np.count_nonzero(posterior.shares > 0.01)),
        ari_gap=regimes.oracle_ari - float(adjusted_rand_score(regimes.z, posterior.z)),
        support_auc=float(roc_auc_score((regimes.b != 0.0).ravel(), np.abs(b).ravel())),
        coefficient_error=float(errors.max()),
        assigned_rmse=assigned_rmse(regimes.regression, posterior),
    )


def find(sweeps: int, processes: int = 1) -> list[Found]:
    """Run every chain on every data set from a draw of the prior."""
    planted = [three_regimes(np.random.default_rng(seed)) for seed in DATA_SEEDS]
    tasks = [
        Task(f"data {i}", regimes.regression, Prior(COMPONENTS), (Plan(seed, 0, sweeps, "prior"),))
        for i, regimes in enumerate(planted)
        for seed in CHAIN_SEEDS
    ]
    posteriors = sample_all(tasks, processes, silent)
    owners = [regimes for regimes in planted for _ in CHAIN_SEEDS]
    return [compare(*pair) for pair in zip(owners, posteriors, strict=True)]


def planted_ari_gap(sweeps: int = SWEEPS, processes: int = 1) -> float:
    """Give the worst gap of the adjusted Rand index to the oracle's."""
    return max(found.ari_gap for found in find(sweeps, processes))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=SWEEPS)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    found = find(options.sweeps, options.processes)
    print(json.dumps([dataclasses.asdict(one) for one in found], indent=1))


if __name__ == "__main__":
    main()
