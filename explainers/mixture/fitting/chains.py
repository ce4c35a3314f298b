"""The chains of several regressions, side by side."""

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar, final

import numpy as np

from explainers.mixture.fitting.chain import Plan, run_chain
from explainers.mixture.fitting.pooling import pooled
from explainers.mixture.fitting.preview import preview
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.running import Running
from explainers.mixture.fitting.summary import Posterior
from explainers.mixture.fitting.workers import Tick, run_all

Result = TypeVar("Result")
Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Task:
    """One regression, and how its mixture is to be fitted.

    Attributes
    ----------
    label
        What messages call it: the class.
    regression
        The rows.
    prior
        What is not learned.
    plans
        One per chain.

    """

    label: str
    regression: Regression
    prior: Prior
    plans: tuple[Plan, ...]


@final
@dataclasses.dataclass(frozen=True)
class _Job:
    """A chain, or the preview, of a task whose rows wait in a file."""

    label: str
    rows: Path
    intercept: bool
    prior: Prior
    plan: Plan
    steps: int
    folder: Path | None


def sample_all(
    tasks: Sequence[Task], processes: int, progress: Progress, folder: Path | None = None
) -> list[Posterior]:
    """Run all chains of all tasks and pool those of each task.

    Parameters
    ----------
    tasks
        What to fit.
    processes
        How many chains run at a time. The results do not depend on it.
    progress
        The progress bar, over all sweeps of all chains.
    folder
        Where chains are kept, so that a stopped run goes on where it was; or None.

    Returns
    -------
    list of Posterior
        One per task.

    Raises
    ------
    FittingError
        With the task and the chain, where one cannot go on.

    """
    chains = iter(_in_order(_chain, tasks, processes, progress, folder))
    return [
        pooled([next(chains) for _ in task.plans], task.regression, task.prior) for task in tasks
    ]


def preview_all(tasks: Sequence[Task], processes: int, progress: Progress) -> list[Posterior]:
    """Fit all tasks by expectation-maximisation, seeded by their first plans."""
    singles = [dataclasses.replace(task, plans=task.plans[:1]) for task in tasks]
    return _in_order(_preview, singles, processes, progress, None)


def _in_order(
    work: Callable[[_Job, Tick], Result],
    tasks: Sequence[Task],
    processes: int,
    progress: Progress,
    folder: Path | None,
) -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="reasoned-mixture-") as scratch:
        jobs = []
        for position, task in enumerate(tasks):
            rows = Path(scratch) / f"{position}.npy"
            np.save(rows, np.column_stack([task.regression.x, task.regression.y]))
            jobs += [
                _job(task, plan, rows, folder, preview=work is _preview) for plan in task.plans
            ]
        return run_all(work, jobs, processes, progress, "mixture")


def _job(task: Task, plan: Plan, rows: Path, folder: Path | None, *, preview: bool) -> _Job:
    label = task.label if preview else f"{task.label}, chain {plan.number + 1}"
    steps = 1 if preview else plan.sweeps
    return _Job(label, rows, task.regression.intercept, task.prior, plan, steps, folder)


def _regression(job: _Job) -> Regression:
    rows = np.load(job.rows, allow_pickle=False)
    return Regression(np.ascontiguousarray(rows[:, :-1]), rows[:, -1].copy(), job.intercept)


def _chain(job: _Job, tick: Tick) -> Running:
    return run_chain(_regression(job), job.prior, job.plan, tick, job.folder)


def _preview(job: _Job, tick: Tick) -> Posterior:
    rng = np.random.default_rng([job.plan.seed, job.plan.number])
    found = preview(_regression(job), job.prior, rng)
    tick(1)
    return found
