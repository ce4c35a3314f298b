"""Jobs in processes of their own, with one progress bar and one way to stop them all."""

import multiprocessing
import multiprocessing.synchronize
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import Synchronized
from typing import Any, Protocol, TypeVar

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from explainers.errors import FittingError, ReasonedError

POLL_SECONDS = 0.2
Tick = Callable[[int], None]
Progress = Callable[..., Iterable[int]]
Result = TypeVar("Result")
_SHARED: dict[str, Any] = {}  # a worker's own: what its initialiser was given


class Job(Protocol):
    """What a worker is told: any picklable value with a name for messages."""

    @property
    def label(self) -> str:
        """What messages call the job."""
        ...

    @property
    def steps(self) -> int:
        """How many steps it will report."""
        ...


JobType = TypeVar("JobType", bound=Job)


def run_all(
    work: Callable[[JobType, Tick], Result],
    jobs: Sequence[JobType],
    processes: int,
    progress: Progress,
    name: str,
) -> list[Result]:
    """Do jobs in processes, each with one BLAS thread, and give the results in order.

    Ctrl-C, or an error in one job, stops all others at their next step.

    Parameters
    ----------
    work
        What to do with a job: a function of a module, which spawned processes can import.
    jobs
        The jobs.
    processes
        How many at a time; 1 stays in this process.
    progress
        The progress bar over the steps of all jobs.
    name
        What it calls them.

    Raises
    ------
    ReasonedError
        The error of a job, its label put before the message.
    FittingError
        When a process died.

    """
    bar = iter(progress(range(sum(job.steps for job in jobs)), name))
    if min(processes, len(jobs)) <= 1:
        results = _here(work, jobs, bar)
    else:
        results = _apart(work, jobs, min(processes, len(jobs)), bar)
    for _ in bar:
        pass
    return results


def _here(
    work: Callable[[JobType, Tick], Result], jobs: Sequence[JobType], bar: Iterator[int]
) -> list[Result]:
    with threadpool_limits(limits=1):
        return [_named(work, job, lambda steps: _advance(bar, steps)) for job in jobs]


def _apart(
    work: Callable[[JobType, Tick], Result],
    jobs: Sequence[JobType],
    processes: int,
    bar: Iterator[int],
) -> list[Result]:
    context = multiprocessing.get_context("spawn")
    steps = context.Value("q", 0)
    stop = context.Event()
    with ProcessPoolExecutor(processes, context, _begin, (steps, stop)) as pool:
        futures = [pool.submit(_in_worker, work, job) for job in jobs]
        try:
            _follow(futures, steps, bar)
        except BrokenProcessPool as error:
            raise FittingError(
                "a process of the sampler died, perhaps for want of memory: use fewer processes"
            ) from error
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


def _follow(
    futures: Sequence[Future[Result]], steps: "Synchronized[int]", bar: Iterator[int]
) -> None:
    shown = 0
    pending = set(futures)
    while pending:
        done, pending = wait(pending, POLL_SECONDS, FIRST_COMPLETED)
        reached = steps.value
        _advance(bar, reached - shown)
        shown = reached
        for future in done:
            future.result()


def _advance(bar: Iterator[int], steps: int) -> None:
    for _ in range(steps):
        next(bar, None)


def _named(work: Callable[[JobType, Tick], Result], job: JobType, tick: Tick) -> Result:
    try:
        return work(job, tick)
    except ReasonedError as error:
        raise type(error)(f"{job.label}: {error}") from error


def _begin(steps: "Synchronized[int]", stop: multiprocessing.synchronize.Event) -> None:
    # The terminal sends Ctrl-C to every process; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Of a parent that was killed an idle worker would never hear: it waits for the next job.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threadpool_limits(limits=1)
    _SHARED.update(steps=steps, stop=stop)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _in_worker(work: Callable[[JobType, Tick], Result], job: JobType) -> Result:
    return _named(work, job, _report)


def _report(steps: int) -> None:
    if _SHARED["stop"].is_set():
        raise KeyboardInterrupt
    with _SHARED["steps"].get_lock():
        _SHARED["steps"].value += steps
