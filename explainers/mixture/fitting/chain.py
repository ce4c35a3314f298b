"""One chain of the sampler, from its start to its averages."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Literal, final

import numpy as np

from explainers.errors import FittingError
from explainers.mixture.fitting import checkpoint
from explainers.mixture.fitting.drawing import draw_prior
from explainers.mixture.fitting.grams import REFRESH_EVERY, Grams
from explainers.mixture.fitting.preview import quick_start
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.running import Running
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.sweep import sweep

FEWEST_SWEEPS = 16


@final
@dataclasses.dataclass(frozen=True)
class Plan:
    """What decides how a chain goes, beside the rows and the prior.

    Attributes
    ----------
    seed, number
        The chain's generator is seeded by both.
    sweeps
        How many; the first half is burn-in.
    start
        ``em``: a quick fit, from clusters for even numbers and from chance for odd ones, so
        that chains start apart; ``prior``: a draw of the prior.

    """

    seed: int
    number: int
    sweeps: int
    start: Literal["em", "prior"] = "em"

    def __post_init__(self) -> None:
        if self.sweeps < FEWEST_SWEEPS:
            raise FittingError(
                f"a chain needs {FEWEST_SWEEPS} sweeps or more, not {self.sweeps}: half are "
                "burn-in, and the rest is compared in halves"
            )


def run_chain(
    regression: Regression,
    prior: Prior,
    plan: Plan,
    tick: Callable[[int], None],
    folder: Path | None = None,
) -> Running:
    """Run a chain to its end, or go on with one that was stopped.

    A chain that goes on is bit by bit the chain that never stopped: it is written whenever
    the sums of products have just been recomputed, which loses at most 100 sweeps.

    Parameters
    ----------
    regression
        The rows.
    prior
        What is not learned.
    plan
        The seed, and how many sweeps.
    tick
        Told how many sweeps were done since it was last told; what it raises stops the chain.
    folder
        Where chains are kept, or None.

    Raises
    ------
    FittingError
        Where a density is NaN.

    """
    rng = np.random.default_rng([plan.seed, plan.number])
    path = None
    running = None
    if folder is not None:
        digest = checkpoint.digest_of(regression, prior, **dataclasses.asdict(plan))
        path = checkpoint.path_of(folder, digest)
        running = checkpoint.read(path, rng)
    if running is None:
        running = Running.begin(_start(regression, prior, plan, rng), plan.sweeps)
    tick(running.done)
    if running.done < running.sweeps:
        _go_on(running, regression, prior, rng, tick, path)
    return running


def _start(regression: Regression, prior: Prior, plan: Plan, rng: np.random.Generator) -> State:
    if plan.start == "prior":
        return draw_prior(prior, regression, rng)
    return quick_start(regression, prior, rng, clustered=plan.number % 2 == 0)


def _go_on(
    running: Running,
    regression: Regression,
    prior: Prior,
    rng: np.random.Generator,
    tick: Callable[[int], None],
    path: Path | None,
) -> None:
    grams = Grams.of(regression, running.state.z, prior.components)
    while running.done < running.sweeps:
        running.take(sweep(running.state, regression, grams, prior, rng))
        over = running.done == running.sweeps
        if path is not None and (over or running.done % REFRESH_EVERY == 0):
            checkpoint.write(path, running, rng)
        tick(1)
