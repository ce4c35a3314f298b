"""What is told of a training while it runs, and how long it will take."""

import dataclasses
import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Protocol, final

from explainers.attributes.fitting.training import EpochRecord, Trainer

WARMING, TIMED = 3, 8  # steps


@final
@dataclasses.dataclass(frozen=True)
class Begun:
    """A training that is about to begin, or to go on.

    Attributes
    ----------
    done
        Epochs that an earlier start has finished.
    epochs
        Of the whole training.
    per_epoch
        Steps of each.
    seconds
        Of one epoch, judged by a few steps on a copy; 0 where none is left.

    """

    done: int
    epochs: int
    per_epoch: int
    seconds: float


class Watcher(Protocol):
    """Somebody who wants to know."""

    def begins(self, begun: Begun) -> None:
        """Hear where the training stands, before its first epoch."""
        ...

    def passed(self, record: EpochRecord) -> None:
        """Hear what an epoch did, after its state was saved."""
        ...


def seconds_per_epoch(trainer: Trainer) -> float:
    """Time a few steps of the first epoch.

    Parameters
    ----------
    trainer
        A copy that is thrown away: the steps change its weights.

    """
    times: list[float] = []

    def few(steps: Iterable[int], _label: str) -> Iterator[int]:
        for step in itertools.islice(steps, WARMING + TIMED):
            times.append(time.perf_counter())
            yield step
        times.append(time.perf_counter())

    trainer.epoch(1, few)
    # An epoch of few steps has none to spare for warming up.
    warm = min(WARMING, len(times) - 2)
    return (times[-1] - times[warm]) / (len(times) - 1 - warm) * trainer.per_epoch
