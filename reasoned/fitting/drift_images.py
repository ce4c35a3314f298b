"""Images that no explainer was fitted on, answered as they are served."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import final

from explainers.arrays import IntArray
from reasoned.datasets.dataset import Dataset
from reasoned.explaining import Explaining
from reasoned.reply.options import DEFAULT
from reasoned.reply.outcome import Outcome


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Held:
    """Images, by their rows in a data set."""

    dataset: Dataset
    rows: IntArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """Images as they were answered, and their own classes; shape (images)."""

    outcomes: Sequence[Outcome]
    labels: IntArray


def answer_held(explaining: Explaining, held: Held, progress: Callable[..., Iterable[int]]) -> Seen:
    """Answer images as they are served, with default options."""
    rows = held.rows.tolist()
    outcomes = [
        explaining.answer(held.dataset.image(rows[i]), DEFAULT, "drift", None).outcome
        for i in progress(range(len(rows)), "drift reference")
    ]
    return Seen(outcomes, held.dataset.labels[held.rows])
